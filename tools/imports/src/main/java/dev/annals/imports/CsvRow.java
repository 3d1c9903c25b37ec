package dev.annals.imports;

import dev.annals.operations.OperationFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** One row of a CSV file with a header row, which knows where it stands. */
record CsvRow(String file, long line, CSVRecord values) {

    /** Of money in Avro: {@code decimal(18,4)}. */
    private static final int MONEY_DECIMALS = 4;

    private static final int MONEY_DIGITS = 14;

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();

    /**
     * Hands over every row of every file, in order.
     *
     * @param columns those that each file must have; others are ignored
     * @throws OperationFailedException if a file can't be read, lacks a column, or has a malformed row
     */
    static void forEach(List<InputFile> files, List<String> columns, Consumer<CsvRow> rows) {
        files.forEach(file -> forEach(file, columns, rows));
    }

    private static void forEach(InputFile file, List<String> columns, Consumer<CsvRow> rows) {
        long line = 1;
        try (CSVParser parser = FORMAT.parse(file.open())) {
            List<String> header = parser.getHeaderNames();
            for (String column : columns) {
                if (!header.contains(column)) {
                    throw new OperationFailedException("%s, line 1: there is no column %s; expected %s, got %s"
                            .formatted(file.name(), column, String.join(",", columns), String.join(",", header)));
                }
            }
            Iterator<CSVRecord> records = parser.iterator();
            while (true) {
                line = parser.getCurrentLineNumber() + 1;
                if (!records.hasNext()) {
                    return;
                }
                CSVRecord values = records.next();
                if (!values.isConsistent()) {
                    throw new OperationFailedException("%s, line %d: expected %d values, got %d"
                            .formatted(file.name(), line, header.size(), values.size()));
                }
                rows.accept(new CsvRow(file.name(), line, values));
            }
        } catch (UncheckedIOException e) {
            throw unreadable(file, line, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw unreadable(file, line, e);
        }
    }

    private static OperationFailedException unreadable(InputFile file, long line, IOException cause) {
        String message = switch (cause) {
            case CharacterCodingException e -> "%s, at or after line %d: not UTF-8".formatted(file.name(), line);
            case CSVException e -> "%s, line %d: %s".formatted(file.name(), line, e.getMessage());
            default -> "%s can't be read: %s".formatted(file.name(), cause.getMessage());
        };
        return new OperationFailedException(message, cause);
    }

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
            throw new OperationFailedException(message(column, expected), e);
        }
    }

    OperationFailedException invalid(String column, String expected) {
        return new OperationFailedException(message(column, expected));
    }

    private String message(String column, String expected) {
        return "%s, line %d: %s '%s': expected %s".formatted(file, line, column, text(column), expected);
    }
}
