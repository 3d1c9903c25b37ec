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

    @Doc("Command: close an account whose balance is 0.")
    record CloseAccount() implements AccountCommand {}

    /** Also of a closed account. */
    @Doc("Command: carry the sums forward, so that the bookings until now need not be kept.")
    record CloseBooks() implements AccountCommand {}
}
