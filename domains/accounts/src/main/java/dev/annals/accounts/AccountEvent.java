package dev.annals.accounts;

import dev.annals.api.Doc;
import dev.annals.api.Summary;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** What can happen to an account. Avro schemas are recorded from it, see {@link Doc}. */
public sealed interface AccountEvent {

    @Doc("Event: an account was opened, with a balance of 0.")
    record AccountOpened(
            @Doc("Who holds the account.") String owner,

            @Doc("Currency of every amount of the account: ISO 4217 code, for instance CZK.")
            String currency,

            @Doc("How far the balance may go below zero.") BigDecimal overdraftLimit)
            implements AccountEvent {
        public AccountOpened {
            overdraftLimit = Money.exact(overdraftLimit);
        }
    }

    @Doc("Event: money was put in.")
    record MoneyDeposited(
            @Doc("Adds to the balance.") BigDecimal amount,

            @Doc("The day on which the bank booked it; absent: not given.") @Nullable
            LocalDate bookedOn,

            @Doc("The payer's or the bank's words for it; absent: not given.") @Nullable
            String reference)
            implements AccountEvent {
        public MoneyDeposited {
            amount = Money.exact(amount);
        }
    }

    @Doc("Event: money was taken out.")
    record MoneyWithdrawn(
            @Doc("Is taken from the balance.") BigDecimal amount,

            @Doc("The day on which the bank booked it; absent: not given.") @Nullable
            LocalDate bookedOn,

            @Doc("The payer's or the bank's words for it; absent: not given.") @Nullable
            String reference)
            implements AccountEvent {
        public MoneyWithdrawn {
            amount = Money.exact(amount);
        }
    }

    @Doc("Event: the account was closed; nothing can be booked on it any more.")
    record AccountClosed() implements AccountEvent {}

    @Doc("Event: what the account has come to was carried forward; it stands for all events before it.")
    record BooksClosed(
            @Doc("Who holds the account.") String owner,

            @Doc("Currency of every amount of the account: ISO 4217 code, for instance CZK.")
            String currency,

            @Doc("How far the balance may go below zero.") BigDecimal overdraftLimit,
            @Doc("Sum of all deposits.") BigDecimal totalDeposits,
            @Doc("Sum of all withdrawals.") BigDecimal totalWithdrawals,

            @Doc("How many deposits and withdrawals there were.")
            long transactionCount,

            @Doc("Whether the account takes bookings.") AccountStatus status)
            implements AccountEvent, Summary {
        public BooksClosed {
            overdraftLimit = Money.exact(overdraftLimit);
            totalDeposits = Money.exact(totalDeposits);
            totalWithdrawals = Money.exact(totalWithdrawals);
        }
    }
}
