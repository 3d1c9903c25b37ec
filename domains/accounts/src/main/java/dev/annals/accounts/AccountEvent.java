package dev.annals.accounts;

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

    /** The account was closed; nothing follows. */
    record AccountClosed() implements AccountEvent {}
}
