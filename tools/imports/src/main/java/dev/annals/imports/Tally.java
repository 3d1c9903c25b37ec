package dev.annals.imports;

import dev.annals.engine.deciding.CommandResult;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Counts results. Used by one thread at a time. */
final class Tally {

    /** Of all results. */
    long results;

    /** Now or by an earlier import. */
    long accepted;

    /** By this import. */
    long newlyAccepted;

    /** Whatever their outcome: those that an earlier import had sent. */
    long replayed;

    /** By code, ordered. */
    final Map<String, Long> rejected = new TreeMap<>();

    /** By reason, ordered. */
    final Map<String, Long> failed = new TreeMap<>();

    void add(CommandResult result) {
        results++;
        replayed += result.replayed() ? 1 : 0;
        String code = Objects.requireNonNullElse(result.code(), "without-code");
        switch (result.outcome()) {
            case ACCEPTED -> {
                accepted++;
                newlyAccepted += result.replayed() ? 0 : 1;
            }
            case REJECTED -> rejected.merge(code, 1L, Long::sum);
            case FAILED -> failed.merge(code, 1L, Long::sum);
        }
    }
}
