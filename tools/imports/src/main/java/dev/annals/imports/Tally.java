package dev.annals.imports;

import dev.annals.engine.deciding.CommandResult;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Counts results. Used by one thread at a time. */
final class Tally {

    private long accepted;
    private long acceptedBefore;
    private long replayed;
    private final Map<String, Long> rejected = new TreeMap<>();
    private final Map<String, Long> failed = new TreeMap<>();

    void add(CommandResult result) {
        if (result.replayed()) {
            replayed++;
        }
        switch (result.outcome()) {
            case ACCEPTED -> {
                accepted++;
                if (result.replayed()) {
                    acceptedBefore++;
                }
            }
            case REJECTED -> rejected.merge(code(result), 1L, Long::sum);
            case FAILED -> failed.merge(code(result), 1L, Long::sum);
        }
    }

    private static String code(CommandResult result) {
        return Objects.requireNonNullElse(result.code(), "without-code");
    }

    /** All results. */
    long results() {
        return accepted + sum(rejected) + sum(failed);
    }

    /** Now or by an earlier import. */
    long accepted() {
        return accepted;
    }

    /** By this import. */
    long newlyAccepted() {
        return accepted - acceptedBefore;
    }

    /** Whatever their outcome: those that an earlier import had sent. */
    long replayed() {
        return replayed;
    }

    /** By code, ordered. */
    Map<String, Long> rejected() {
        return rejected;
    }

    /** By reason, ordered. */
    Map<String, Long> failed() {
        return failed;
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
