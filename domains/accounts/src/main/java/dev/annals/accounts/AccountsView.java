package dev.annals.accounts;

import dev.annals.accounts.AccountEvent.AccountClosed;
import dev.annals.accounts.AccountEvent.AccountOpened;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountEvent.MoneyWithdrawn;
import dev.annals.core.projection.AggregateView;
import dev.annals.core.projection.RecordedEvent;
import org.jspecify.annotations.Nullable;

/** Every account as it stands, with the sums of its bookings. A closed account keeps its row. */
public final class AccountsView implements AggregateView<AccountEvent, AccountRow> {

    @Override
    public String name() {
        return "accounts";
    }

    @Override
    public Class<AccountRow> row() {
        return AccountRow.class;
    }

    @Override
    public @Nullable AccountRow apply(@Nullable AccountRow row, RecordedEvent<AccountEvent> event) {
        if (event.event() instanceof AccountOpened opened) {
            return opened(opened);
        }
        return row == null ? null : booked(row, event.event());
    }

    private static AccountRow opened(AccountOpened opened) {
        return new AccountRow(
                opened.owner(),
                opened.currency(),
                opened.overdraftLimit(),
                Money.ZERO,
                Money.ZERO,
                Money.ZERO,
                0,
                AccountStatus.OPEN);
    }

    private static AccountRow booked(AccountRow row, AccountEvent event) {
        return switch (event) {
            case MoneyDeposited deposited -> row.deposited(deposited.amount());
            case MoneyWithdrawn withdrawn -> row.withdrawn(withdrawn.amount());
            case AccountClosed closed -> row.closed();
            case AccountOpened opened -> row;
        };
    }
}
