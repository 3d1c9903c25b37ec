package dev.annals.accounts;

import java.math.BigDecimal;

/** A row of the view {@code accounts}; the fields are described in {@code /avro/views/AccountRow.avsc}. */
public record AccountRow(
        String owner,
        String currency,
        BigDecimal overdraftLimit,
        BigDecimal balance,
        BigDecimal totalDeposits,
        BigDecimal totalWithdrawals,
        long transactionCount,
        AccountStatus status) {

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
