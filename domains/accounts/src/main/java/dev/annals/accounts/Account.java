package dev.annals.accounts;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * An account as its events made it. It holds what the rules need, not the bookings: its size does not grow with them.
 *
 * @param status null as long as the account does not exist
 * @param overdraftLimit how far the balance may go below zero
 * @param balance deposits minus withdrawals; never below minus the limit
 */
public record Account(
        @Nullable AccountStatus status,
        @Nullable String owner,
        @Nullable String currency,
        BigDecimal overdraftLimit,
        BigDecimal balance) {

    static final Account NONE = new Account(null, null, null, Money.ZERO, Money.ZERO);

    public Account {
        overdraftLimit = Money.exact(overdraftLimit);
        balance = Money.exact(balance);
    }

    Account withBalance(BigDecimal next) {
        return new Account(status, owner, currency, overdraftLimit, next);
    }

    Account closed() {
        return new Account(AccountStatus.CLOSED, owner, currency, overdraftLimit, balance);
    }

    /** What can be withdrawn. */
    BigDecimal available() {
        return balance.add(overdraftLimit);
    }
}
