package dev.annals.accounts;

import dev.annals.api.Doc;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** What can be asked of an account. Avro schemas are recorded from it, see {@link Doc}. */
public sealed interface AccountCommand {

    @Doc("Command: open a new account.")
    record OpenAccount(
            @Doc("Who holds the account.") String owner,

            @Doc("Currency of every amount of the account: ISO 4217 code, for instance CZK.")
            String currency,

            @Doc("How far the balance may go below zero; at least 0; absent: 0.") @Nullable
            BigDecimal overdraftLimit)
            implements AccountCommand {
        public OpenAccount {
            overdraftLimit = overdraftLimit == null ? null : Money.exact(overdraftLimit);
        }
    }

    @Doc("Command: put money in.")
    record Deposit(
            @Doc("More than 0.") BigDecimal amount,

            @Doc("The day on which the bank booked it; absent: not given.") @Nullable
            LocalDate bookedOn,

            @Doc("The payer's or the bank's words for it; absent: not given.") @Nullable
            String reference)
            implements AccountCommand {
        public Deposit {
            amount = Money.exact(amount);
        }
    }

    @Doc("Command: take money out; the balance stays at or above minus the overdraft limit.")
    record Withdraw(
            @Doc("More than 0.") BigDecimal amount,

            @Doc("The day on which the bank booked it; absent: not given.") @Nullable
            LocalDate bookedOn,

            @Doc("The payer's or the bank's words for it; absent: not given.") @Nullable
            String reference)
            implements AccountCommand {
        public Withdraw {
            amount = Money.exact(amount);
        }
    }

    /** The money leaves the account at once; the process {@code transfers} has it booked on the other one, or back. */
    @Doc("Command: send money to another account of the same currency.")
    record SendTransfer(
            @Doc("Id of the account that is to have it.") String to,
            @Doc("More than 0.") BigDecimal amount,

            @Doc("The sender's words for it, for both accounts; absent: none.") @Nullable
            String reference)
            implements AccountCommand {
        public SendTransfer {
            amount = Money.exact(amount);
        }
    }

    /** Of the process {@code transfers}: another sender makes money of nothing, as a deposit does. */
    @Doc("Command: book money that another account has sent.")
    record ReceiveTransfer(
            @Doc("Id of the account that has sent it.") String from,

            @Doc("Counts the transfers that that account has sent, from 1.")
            long number,

            @Doc("More than 0.") BigDecimal amount,

            @Doc("Currency of the amount: ISO 4217 code; must be the account's.")
            String currency,

            @Doc("The sender's words for it; absent: none.") @Nullable
            String reference)
            implements AccountCommand {
        public ReceiveTransfer {
            amount = Money.exact(amount);
        }
    }

    @Doc("Command: note that money which this account has sent was booked on the other one.")
    record CompleteTransfer(
            @Doc("Of the transfer, as TransferSent has it.") long number) implements AccountCommand {}

    /** Only where the other account has refused the money, and will never have it. */
    @Doc("Command: take back money that this account has sent.")
    record RefundTransfer(
            @Doc("Of the transfer, as TransferSent has it.") long number,

            @Doc("Why: the code with which the other account has refused it, for instance account-closed.")
            String reason)
            implements AccountCommand {}

    @Doc("Command: close an account whose balance is 0, and whose transfers have all ended.")
    record CloseAccount() implements AccountCommand {}

    /** Also of a closed account. */
    @Doc("Command: carry the sums forward, so that the bookings until now need not be kept.")
    record CloseBooks() implements AccountCommand {}
}
