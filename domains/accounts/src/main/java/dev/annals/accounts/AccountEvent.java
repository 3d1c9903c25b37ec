package dev.annals.accounts;

import dev.annals.api.Summary;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** What can happen to an account. Components are those of the Avro schemas in {@code /avro/accounts}. */
public sealed interface AccountEvent {

    /** The account was opened with a balance of 0. */
    record AccountOpened(String owner, String currency, BigDecimal overdraftLimit) implements AccountEvent {
        public AccountOpened {
            overdraftLimit = Money.exact(overdraftLimit);
        }
    }

    /** Money was put in. */
    record MoneyDeposited(
            BigDecimal amount,
            @Nullable LocalDate bookedOn,
            @Nullable String reference) implements AccountEvent {
        public MoneyDeposited {
            amount = Money.exact(amount);
        }
    }

    /** Money was taken out. */
    record MoneyWithdrawn(
            BigDecimal amount,
            @Nullable LocalDate bookedOn,
            @Nullable String reference) implements AccountEvent {
        public MoneyWithdrawn {
            amount = Money.exact(amount);
        }
    }

    /** The account was closed; no booking follows. */
    record AccountClosed() implements AccountEvent {}

    /** What the account has come to was carried forward: it stands for all events before it. */
    record BooksClosed(
            String owner,
            String currency,
            BigDecimal overdraftLimit,
            BigDecimal totalDeposits,
            BigDecimal totalWithdrawals,
            long transactionCount,
            AccountStatus status)
            implements AccountEvent, Summary {
        public BooksClosed {
            overdraftLimit = Money.exact(overdraftLimit);
            totalDeposits = Money.exact(totalDeposits);
            totalWithdrawals = Money.exact(totalWithdrawals);
        }
    }
}
