package dev.annals.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.operations.OperationFailedException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Amounts of money as the services write them, and for people. */
final class Amounts {

    private static final int USUAL_DECIMALS = 2;

    private Amounts() {}

    /** Two decimals, more where they are not zero. */
    static BigDecimal normal(BigDecimal amount) {
        int needed = Math.max(USUAL_DECIMALS, amount.stripTrailingZeros().scale());
        return amount.setScale(needed, RoundingMode.UNNECESSARY);
    }

    /** A field of a row, a JSON string or number. */
    static BigDecimal of(JsonNode row, String field) {
        try {
            return normal(new BigDecimal(row.path(field).asText()));
        } catch (NumberFormatException e) {
            throw new OperationFailedException(
                    "the row %s of a view: expected an amount in '%s', got '%s'"
                            .formatted(
                                    row.path("id").asText(),
                                    field,
                                    row.path(field).asText()),
                    e);
        }
    }
}
