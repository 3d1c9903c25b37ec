package dev.annals.imports;

import dev.annals.operations.OperationFailedException;
import java.math.BigDecimal;

/** What the input says of one account, summed up row by row. Used by one thread. */
final class Statement {

    private final String id;
    private long lastSequence;
    private long bookings;
    private BigDecimal deposits = BigDecimal.ZERO;
    private BigDecimal withdrawals = BigDecimal.ZERO;
    private BigDecimal lowest = BigDecimal.ZERO;

    Statement(String id) {
        this.id = id;
    }

    /** @throws OperationFailedException if the row does not come after those before it */
    void add(long sequence, CsvRow row, boolean credit, BigDecimal amount) {
        if (sequence <= lastSequence) {
            throw row.invalid(Berka.SEQUENCE, "more than the %d of the account's row before".formatted(lastSequence));
        }
        if (amount.signum() < 0) {
            throw row.invalid(Berka.AMOUNT, "0 or more; the direction says which way it goes");
        }
        lastSequence = sequence;
        bookings++;
        if (credit) {
            deposits = deposits.add(amount);
        } else {
            withdrawals = withdrawals.add(amount);
        }
        lowest = lowest.min(balance());
    }

    String id() {
        return id;
    }

    long bookings() {
        return bookings;
    }

    /** Of the account when everything is booked: one event to open it, one a booking. */
    long version() {
        return bookings + 1;
    }

    BigDecimal deposits() {
        return deposits;
    }

    BigDecimal withdrawals() {
        return withdrawals;
    }

    BigDecimal balance() {
        return deposits.subtract(withdrawals);
    }

    /** How far the balance goes below zero. */
    BigDecimal overdraft() {
        return lowest.negate();
    }
}
