package dev.annals.accounts;

import dev.annals.accounts.AccountEvent.AccountClosed;
import dev.annals.accounts.AccountEvent.AccountOpened;
import dev.annals.accounts.AccountEvent.BooksClosed;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountEvent.MoneyWithdrawn;
import dev.annals.accounts.AccountEvent.TransferCompleted;
import dev.annals.accounts.AccountEvent.TransferReceived;
import dev.annals.accounts.AccountEvent.TransferRefunded;
import dev.annals.accounts.AccountEvent.TransferSent;
import dev.annals.api.AggregateView;
import dev.annals.api.Filter;
import dev.annals.api.RecordedEvent;
import java.util.List;
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
    public List<Filter> filters() {
        return List.of(
                Filter.byField("owner", "owner"),
                Filter.byField("status", "status"),
                Filter.byField("balance", "balance"),
                Filter.byField("transactionCount", "transactionCount"));
    }

    @Override
    public @Nullable AccountRow apply(@Nullable AccountRow row, RecordedEvent<AccountEvent> event) {
        return switch (event.event()) {
            case AccountOpened opened -> opened(opened);
            case BooksClosed books -> carriedForward(books);
            case MoneyDeposited deposited -> row == null ? null : row.deposited(deposited.amount());
            case MoneyWithdrawn withdrawn -> row == null ? null : row.withdrawn(withdrawn.amount());
            case TransferSent sent -> row == null ? null : row.withdrawn(sent.amount());
            case TransferReceived received -> row == null ? null : row.deposited(received.amount());
            case TransferCompleted completed -> row;
            case TransferRefunded refunded -> row == null ? null : row.deposited(refunded.amount());
            case AccountClosed closed -> row == null ? null : row.closed();
        };
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

    private static AccountRow carriedForward(BooksClosed books) {
        return new AccountRow(
                books.owner(),
                books.currency(),
                books.overdraftLimit(),
                books.totalDeposits().subtract(books.totalWithdrawals()),
                books.totalDeposits(),
                books.totalWithdrawals(),
                books.transactionCount(),
                books.status());
    }
}
