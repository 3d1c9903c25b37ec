package dev.annals.imports;

import dev.annals.operations.OperationFailedException;
import java.util.List;

/** All rows of one invoice, at least one. */
record Invoice(String number, List<CsvRow> rows) {

    enum Kind {
        SALE,
        CREDIT_NOTE,
        ADJUSTMENT
    }

    CsvRow first() {
        return rows.getFirst();
    }

    /** @throws OperationFailedException if the number is of no known kind */
    Kind kind() {
        if (number.chars().allMatch(it -> it >= '0' && it <= '9')) {
            return Kind.SALE;
        }
        return switch (number.charAt(0)) {
            case 'C' -> Kind.CREDIT_NOTE;
            case 'A' -> Kind.ADJUSTMENT;
            default -> throw first().invalid(OnlineRetail.INVOICE, "digits, or C or A and digits");
        };
    }
}
