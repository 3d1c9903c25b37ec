package dev.annals.imports;

import dev.annals.operations.OperationFailedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** One line of a recording without a header, which knows where it stands. */
record RecordedLine(String file, long number, String text) {

    /**
     * Hands over every line of every file that is not blank, in order.
     *
     * @throws OperationFailedException if a file can't be read
     */
    static void forEach(List<InputFile> files, Consumer<RecordedLine> lines) {
        files.forEach(file -> forEach(file, lines));
    }

    private static void forEach(InputFile file, Consumer<RecordedLine> lines) {
        long number = 0;
        try (BufferedReader reader = new BufferedReader(file.open())) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                number++;
                if (!text.isBlank()) {
                    lines.accept(new RecordedLine(file.name(), number, text));
                }
            }
        } catch (CharacterCodingException e) {
            throw new OperationFailedException("%s, at or after line %d: not UTF-8".formatted(file.name(), number), e);
        } catch (IOException e) {
            throw new OperationFailedException("%s can't be read: %s".formatted(file.name(), e.getMessage()), e);
        }
    }

    /** Its values, of a line whose values stand between commas and have none in them. */
    Fields fields(int least) {
        List<String> values = List.of(text.split(",", -1));
        if (values.size() < least) {
            throw new OperationFailedException(
                    "%s, line %d: expected at least %d values, got %d".formatted(file, number, least, values.size()));
        }
        return new Fields(this, values);
    }

    OperationFailedException invalid(String field, String got, String expected) {
        return new OperationFailedException(message(field, got, expected));
    }

    private String message(String field, String got, String expected) {
        return "%s, line %d: %s '%s': expected %s".formatted(file, number, field, got, expected);
    }

    /** The values of a line, by their places from 0. */
    record Fields(RecordedLine line, List<String> values) {

        /** Without spaces around it. */
        String text(int place) {
            return values.get(place).strip();
        }

        /** @param field what it is called, for messages */
        <T> T parsed(int place, String field, String expected, Function<String, T> parser) {
            try {
                return parser.apply(text(place));
            } catch (RuntimeException e) {
                throw new OperationFailedException(line.message(field, text(place), expected), e);
            }
        }
    }
}
