package dev.annals.imports;

import dev.annals.operations.OperationFailedException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A kind of recorded messages about flights. */
interface Channel {

    /** For people. */
    String name();

    /**
     * Hands over every message that names its flight, in the order of the input; the same each time.
     *
     * @throws OperationFailedException if the input is malformed
     */
    void read(List<InputFile> files, Consumer<Told> messages, Counts counts);

    /**
     * What else is to be told of the input. Used by one thread.
     *
     * @param skipped how many of what was left out, by what it is
     * @param rows how many of what was taken, where that is to be told
     */
    record Counts(Map<String, Long> skipped, Map<String, Long> rows) {

        Counts() {
            this(new TreeMap<>(), new TreeMap<>());
        }

        void skip(String what) {
            skipped.merge(what, 1L, Long::sum);
        }

        void row(String what) {
            rows.merge(what, 1L, Long::sum);
        }
    }
}
