package dev.annals.operations.doctor;

import java.util.List;
import java.util.Locale;

/**
 * What a doctor has found.
 *
 * @param checks in the order in which they were made
 */
public record Diagnosis(List<Check> checks) {

    /** How a check came out. */
    public enum Result {
        HOLDS,
        /** It works, and something can be lost or is slow. */
        WARNING,
        /** Services refuse to start, or can't do their work. */
        FAILS,
        /** What it needs has failed before. */
        NOT_TRIED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /**
     * @param name of what was looked at, in a word or two
     * @param text what was found, and what to do about it
     */
    public record Check(String name, Result result, String text) {}

    public Diagnosis {
        checks = List.copyOf(checks);
    }

    /** Whether services would work. */
    public boolean holds() {
        return checks.stream().noneMatch(check -> check.result() == Result.FAILS || check.result() == Result.NOT_TRIED);
    }
}
