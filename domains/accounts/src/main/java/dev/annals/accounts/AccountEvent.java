package dev.annals.accounts;

import dev.annals.api.Doc;
import dev.annals.api.Summary;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
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

    @Doc("Event: money was sent to another account; it is on none until the transfer is completed or refunded.")
    record TransferSent(
            @Doc("Counts the transfers that this account has sent, from 1.")
            long number,

            @Doc("Id of the account that is to have it.") String to,
            @Doc("Is taken from the balance.") BigDecimal amount,

            @Doc("Currency of the amount: ISO 4217 code, for instance CZK.")
            String currency,

            @Doc("The sender's words for it; absent: none.") @Nullable
            String reference)
            implements AccountEvent {
        public TransferSent {
            amount = Money.exact(amount);
        }
    }

    @Doc("Event: money that another account had sent was booked.")
    record TransferReceived(
            @Doc("Id of the account that has sent it.") String from,

            @Doc("Counts the transfers that that account has sent, from 1.")
            long number,

            @Doc("Adds to the balance.") BigDecimal amount,

            @Doc("The sender's words for it; absent: none.") @Nullable
            String reference)
            implements AccountEvent {
        public TransferReceived {
            amount = Money.exact(amount);
        }
    }

    @Doc("Event: money that this account had sent is booked on the other one.")
    record TransferCompleted(
            @Doc("Of the transfer, as TransferSent has it.") long number) implements AccountEvent {}

    @Doc("Event: money that this account had sent came back.")
    record TransferRefunded(
            @Doc("Of the transfer, as TransferSent has it.") long number,
            @Doc("Adds to the balance.") BigDecimal amount,
            @Doc("Why the other account does not have it.") String reason)
            implements AccountEvent {
        public TransferRefunded {
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

            @Doc("Sum of all deposits; money that was received or came back is one.")
            BigDecimal totalDeposits,

            @Doc("Sum of all withdrawals; money that was sent is one.")
            BigDecimal totalWithdrawals,

            @Doc("How many deposits and withdrawals there were.")
            long transactionCount,

            @Doc("Whether the account takes bookings.") AccountStatus status,

            @Doc("How many transfers the account has sent.") long transfersSent,

            @Doc("Those of them that have not ended, by their numbers.")
            List<OpenTransfer> openTransfers)
            implements AccountEvent, Summary {
        public BooksClosed {
            openTransfers = List.copyOf(openTransfers);
            overdraftLimit = Money.exact(overdraftLimit);
            totalDeposits = Money.exact(totalDeposits);
            totalWithdrawals = Money.exact(totalWithdrawals);
        }
    }
}
