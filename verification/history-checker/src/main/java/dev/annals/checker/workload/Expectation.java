package dev.annals.checker.workload;

import org.jspecify.annotations.Nullable;

/** Which version a command expects, relative to the one that the clients have seen when it is sent. */
enum Expectation {
    ANY,
    NONE_YET,
    SEEN,
    ONE_BEFORE,
    ONE_AHEAD;

    @Nullable
    Long version(long seen) {
        return switch (this) {
            case ANY -> null;
            case NONE_YET -> 0L;
            case SEEN -> seen;
            case ONE_BEFORE -> Math.max(0, seen - 1);
            case ONE_AHEAD -> seen + 1;
        };
    }
}
