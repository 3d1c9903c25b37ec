package dev.annals.orders;

import java.math.BigDecimal;

/** Amounts are exact decimals with four decimals and at most 18 digits: {@code decimal(18,4)} in Avro. */
final class Money {

    static final BigDecimal ZERO = exact(BigDecimal.ZERO);

    private static final int DECIMALS = 4;
    private static final int DIGITS = 18;

    private Money() {}

    /** The same amount with four decimals, so that equal amounts are equal objects. */
    static BigDecimal exact(BigDecimal amount) {
        if (amount.scale() > DECIMALS && amount.stripTrailingZeros().scale() > DECIMALS) {
            throw new IllegalArgumentException("money has at most %d decimals: %s".formatted(DECIMALS, amount));
        }
        return amount.setScale(DECIMALS);
    }

    /** Whether the amount is too large to be written down. */
    static boolean exceedsLimit(BigDecimal exact) {
        return exact.precision() > DIGITS;
    }
}
