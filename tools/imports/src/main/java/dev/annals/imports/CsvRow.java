package dev.annals.imports;

import java.math.BigDecimal;
import java.util.function.Function;
import org.apache.commons.csv.CSVRecord;

/** One row of a CSV file, which knows where it stands. */
record CsvRow(String file, long line, CSVRecord values) {

    /** Of money in Avro: {@code decimal(18,4)}. */
    private static final int MONEY_DECIMALS = 4;

    private static final int MONEY_DIGITS = 14;

    /** The text of a column, without spaces around it. */
    String text(String column) {
        return values.get(column).strip();
    }

    /** The text of a column that must not be blank. */
    String required(String column) {
        String text = text(column);
        if (text.isEmpty()) {
            throw invalid(column, "a value");
        }
        return text;
    }

    int wholeNumber(String column) {
        return parsed(column, "a whole number", Integer::valueOf);
    }

    /** An amount of money: exact, or refused. */
    BigDecimal money(String column) {
        BigDecimal amount = parsed(column, "an amount such as 12.50", BigDecimal::new);
        BigDecimal shortest = amount.stripTrailingZeros();
        if (shortest.scale() > MONEY_DECIMALS) {
            throw invalid(column, "at most %d decimals".formatted(MONEY_DECIMALS));
        }
        if (shortest.precision() - shortest.scale() > MONEY_DIGITS) {
            throw invalid(column, "at most %d digits before the point".formatted(MONEY_DIGITS));
        }
        return amount;
    }

    <T> T parsed(String column, String expected, Function<String, T> parser) {
        try {
            return parser.apply(text(column));
        } catch (RuntimeException e) {
            throw new InvalidInputException(message(column, expected), e);
        }
    }

    InvalidInputException invalid(String column, String expected) {
        return new InvalidInputException(message(column, expected));
    }

    private String message(String column, String expected) {
        return "%s, line %d: %s '%s': expected %s".formatted(file, line, column, text(column), expected);
    }
}
