package dev.annals.accounts;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * An account as its events made it. It holds what the rules need and what is kept when books are closed, not the
 * bookings: its size does not grow with them.
 *
 * @param status null as long as the account does not exist
 * @param overdraftLimit how far the balance may go below zero
 * @param balance deposits minus withdrawals; never below minus the limit
 * @param totalDeposits the sum of all deposits
 * @param transactionCount how many deposits and withdrawals there were
 */
public record Account(
        @Nullable AccountStatus status,
        @Nullable String owner,
        @Nullable String currency,
        BigDecimal overdraftLimit,
        BigDecimal balance,
        BigDecimal totalDeposits,
        long transactionCount) {

    static final Account NONE = new Account(null, null, null, Money.ZERO, Money.ZERO, Money.ZERO, 0);

    public Account {
        overdraftLimit = Money.exact(overdraftLimit);
        balance = Money.exact(balance);
        totalDeposits = Money.exact(totalDeposits);
    }

    Account deposited(BigDecimal amount) {
        return booked(balance.add(amount), totalDeposits.add(amount));
    }

    Account withdrawn(BigDecimal amount) {
        return booked(balance.subtract(amount), totalDeposits);
    }

    private Account booked(BigDecimal newBalance, BigDecimal newDeposits) {
        return new Account(status, owner, currency, overdraftLimit, newBalance, newDeposits, transactionCount + 1);
    }

    Account closed() {
        return new Account(
                AccountStatus.CLOSED, owner, currency, overdraftLimit, balance, totalDeposits, transactionCount);
    }

    /** What can be withdrawn. */
    BigDecimal available() {
        return balance.add(overdraftLimit);
    }
}
