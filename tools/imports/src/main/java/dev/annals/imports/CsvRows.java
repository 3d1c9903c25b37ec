package dev.annals.imports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads CSV files with a header row, a row at a time. */
final class CsvRows {

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();

    private CsvRows() {}

    /**
     * Hands over every row of every file, in order.
     *
     * @param columns those that each file must have; others are ignored
     * @throws InvalidInputException if a file can't be read, lacks a column, or has a malformed row
     */
    static void forEach(List<InputFile> files, List<String> columns, Consumer<CsvRow> rows) {
        files.forEach(file -> forEach(file, columns, rows));
    }

    private static void forEach(InputFile file, List<String> columns, Consumer<CsvRow> rows) {
        long line = 1;
        try (CSVParser parser = FORMAT.parse(file.open())) {
            requireColumns(file, columns, parser);
            Iterator<CSVRecord> records = parser.iterator();
            while (true) {
                line = parser.getCurrentLineNumber() + 1;
                if (!records.hasNext()) {
                    return;
                }
                CSVRecord values = records.next();
                requireConsistent(file, line, values, parser);
                rows.accept(new CsvRow(file.name(), line, values));
            }
        } catch (UncheckedIOException e) {
            throw unreadable(file, line, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw unreadable(file, line, e);
        }
    }

    private static void requireColumns(InputFile file, List<String> columns, CSVParser parser) {
        for (String column : columns) {
            if (!parser.getHeaderNames().contains(column)) {
                throw new InvalidInputException("%s, line 1: there is no column %s; expected %s, got %s"
                        .formatted(
                                file.name(),
                                column,
                                String.join(",", columns),
                                String.join(",", parser.getHeaderNames())));
            }
        }
    }

    private static void requireConsistent(InputFile file, long line, CSVRecord values, CSVParser parser) {
        if (!values.isConsistent()) {
            throw new InvalidInputException("%s, line %d: expected %d values, got %d"
                    .formatted(file.name(), line, parser.getHeaderNames().size(), values.size()));
        }
    }

    private static InvalidInputException unreadable(InputFile file, long line, IOException cause) {
        return switch (cause) {
            case CharacterCodingException e ->
                new InvalidInputException("%s, at or after line %d: not UTF-8".formatted(file.name(), line), e);
            case CSVException e ->
                new InvalidInputException("%s, line %d: %s".formatted(file.name(), line, e.getMessage()), e);
            default ->
                new InvalidInputException("%s can't be read: %s".formatted(file.name(), cause.getMessage()), cause);
        };
    }
}
