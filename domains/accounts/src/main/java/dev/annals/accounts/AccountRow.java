package dev.annals.accounts;

import dev.annals.api.Doc;
import java.math.BigDecimal;

@Doc("View accounts: one account as it stands.")
public record AccountRow(
        @Doc("Who holds the account.") String owner,

        @Doc("Currency of every amount of the account: ISO 4217 code, for instance CZK.")
        String currency,

        @Doc("How far the balance may go below zero.") BigDecimal overdraftLimit,
        @Doc("Deposits minus withdrawals.") BigDecimal balance,

        @Doc("Sum of all deposits; money that was received or came back is one.")
        BigDecimal totalDeposits,

        @Doc("Sum of all withdrawals; money that was sent is one.")
        BigDecimal totalWithdrawals,

        @Doc("How many deposits and withdrawals there were.")
        long transactionCount,

        @Doc("Whether the account takes bookings.") AccountStatus status) {

    AccountRow deposited(BigDecimal amount) {
        return booked(totalDeposits.add(amount), totalWithdrawals);
    }

    AccountRow withdrawn(BigDecimal amount) {
        return booked(totalDeposits, totalWithdrawals.add(amount));
    }

    AccountRow closed() {
        return new AccountRow(
                owner,
                currency,
                overdraftLimit,
                balance,
                totalDeposits,
                totalWithdrawals,
                transactionCount,
                AccountStatus.CLOSED);
    }

    private AccountRow booked(BigDecimal deposits, BigDecimal withdrawals) {
        return new AccountRow(
                owner,
                currency,
                overdraftLimit,
                deposits.subtract(withdrawals),
                deposits,
                withdrawals,
                transactionCount + 1,
                status);
    }
}
