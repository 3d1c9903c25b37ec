package dev.annals.accounts;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** What can be asked of an account. Components are those of the Avro schemas in {@code /avro/accounts}. */
public sealed interface AccountCommand {

    /**
     * Opens a new account with a balance of 0.
     *
     * @param overdraftLimit how far the balance may go below zero; null: not at all
     */
    record OpenAccount(
            String owner, String currency, @Nullable BigDecimal overdraftLimit) implements AccountCommand {
        public OpenAccount {
            overdraftLimit = overdraftLimit == null ? null : Money.exact(overdraftLimit);
        }
    }

    /** Puts money in. */
    record Deposit(
            BigDecimal amount,
            @Nullable LocalDate bookedOn,
            @Nullable String reference) implements AccountCommand {
        public Deposit {
            amount = Money.exact(amount);
        }
    }

    /** Takes money out. */
    record Withdraw(
            BigDecimal amount,
            @Nullable LocalDate bookedOn,
            @Nullable String reference) implements AccountCommand {
        public Withdraw {
            amount = Money.exact(amount);
        }
    }

    /** Closes an account whose balance is 0. */
    record CloseAccount() implements AccountCommand {}

    /** Carries the sums forward, so that the bookings until now need not be kept. Also of a closed account. */
    record CloseBooks() implements AccountCommand {}
}
