package dev.annals.operations.verify;

import dev.annals.operations.verify.Comparison.Difference;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares rows that are served with those that are expected, while both may still change.
 *
 * <p>A row that differs stays open: it agrees as soon as the expected one passes through what was served, or the served
 * one is read again and is as expected. What agreed once is not looked at again. Mutable, for one thread.
 */
final class RowComparison {

    /** So long must everything be at rest for a difference to be one before the time is over. */
    static final Duration REST = Duration.ofSeconds(3);

    private final Function<String, @Nullable String> expected;
    private final ContentHash expectedHash = new ContentHash();
    private final ContentHash servedHash = new ContentHash();
    private final Map<String, @Nullable String> open = new TreeMap<>();
    private int changedMeanwhile;

    /** @param expected the canonical JSON of the row of a key, null if there is none */
    RowComparison(Function<String, @Nullable String> expected) {
        this.expected = expected;
    }

    /**
     * The first comparison of a key's row, or a further one of a row that is open.
     *
     * @param served canonical JSON, null if nothing is served
     */
    void compare(String key, @Nullable String served) {
        String row = expected.apply(key);
        if (served == null ? row == null : served.equals(row)) {
            agreed(key, row);
        } else {
            open.put(key, served);
        }
    }

    private void agreed(String key, @Nullable String row) {
        if (row != null) {
            expectedHash.put(key, row);
            servedHash.put(key, row);
        }
    }

    /** The expected row of this key has changed. */
    void changed(String key) {
        if (open.containsKey(key)) {
            readAgain(key, open.get(key));
        }
    }

    /** A row that is open is now served like this, null if not at all. */
    void readAgain(String key, @Nullable String served) {
        open.remove(key);
        compare(key, served);
        if (!open.containsKey(key)) {
            changedMeanwhile++;
        }
    }

    /**
     * Goes on until nothing is open, the time is over, or everything has been at rest for {@link #REST}.
     *
     * @param step follows both sides, and says whether nothing has come
     */
    void settle(Duration limit, BooleanSupplier step) {
        long start = System.nanoTime();
        long now = start;
        long restSince = start;
        while (!open.isEmpty() && now - start < limit.toNanos() && now - restSince <= REST.toNanos()) {
            boolean quiet = step.getAsBoolean();
            now = System.nanoTime();
            restSince = quiet ? restSince : now;
        }
    }

    boolean isOpen(String key) {
        return open.containsKey(key);
    }

    /** The keys that do not agree, in their order. */
    List<String> open() {
        return List.copyOf(open.keySet());
    }

    /** Whether something is served under a key that should have no row. */
    boolean hasTooMany() {
        return open.keySet().stream().anyMatch(key -> expected.apply(key) == null);
    }

    /** What {@link #open} holds is given up: both sides are as they are. */
    Comparison end(int mostDifferences) {
        Map<String, @Nullable String> rows = new HashMap<>();
        open.forEach((key, served) -> {
            String row = expected.apply(key);
            rows.put(key, row);
            if (row != null) {
                expectedHash.put(key, row);
            }
            if (served != null) {
                servedHash.put(key, served);
            }
        });
        return new Comparison(
                Comparison.Side.of(expectedHash),
                Comparison.Side.of(servedHash),
                open.size(),
                open.entrySet().stream()
                        .limit(mostDifferences)
                        .map(each -> Difference.of(each.getKey(), rows.get(each.getKey()), each.getValue()))
                        .toList(),
                changedMeanwhile);
    }
}
