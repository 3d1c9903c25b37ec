package dev.annals.checker.nemesis;

import java.time.Duration;

/**
 * One fault.
 *
 * @param pause before it, when everything runs
 * @param instance which one, for those that concern one
 * @param length from the fault to its end
 */
record Fault(Kind kind, Duration pause, int instance, Duration length) {

    /** The same at the same moment, of another kind. */
    Fault of(Kind other) {
        return new Fault(other, pause, instance, length);
    }

    /** What is done. Between beginning and end of each, the others are left alone. */
    enum Kind {
        /** SIGKILL, and a start. */
        KILL_INSTANCE(0, 3_000),
        /** SIGSTOP and SIGCONT, within the session timeout of 6 s: nobody takes over. */
        PAUSE_INSTANCE(300, 3_000),
        /** Beyond the session timeout: others take over, and a fenced zombie wakes up in the middle of what it did. */
        FREEZE_INSTANCE(7_500, 11_000),
        /** SIGTERM and a start: partitions move twice. */
        RESTART_INSTANCE(0, 2_000),
        /** One more instance joins, and leaves. */
        ADD_INSTANCE(3_000, 8_000),
        /** SIGKILL, and a start on the same data. */
        KILL_BROKER(0, 2_000),
        /** SIGSTOP and SIGCONT. */
        PAUSE_BROKER(300, 2_500),
        /** All HTTP connections of the clients close, also those whose answers are awaited. */
        CUT_CONNECTIONS(0, 1);

        private final int minMillis;
        private final int maxMillis;

        Kind(int minMillis, int maxMillis) {
            this.minMillis = minMillis;
            this.maxMillis = maxMillis;
        }

        /** Whether {@link Fault#instance} says to which. */
        boolean isOfInstance() {
            return switch (this) {
                case KILL_INSTANCE, PAUSE_INSTANCE, FREEZE_INSTANCE, RESTART_INSTANCE -> true;
                case ADD_INSTANCE, KILL_BROKER, PAUSE_BROKER, CUT_CONNECTIONS -> false;
            };
        }

        int minMillis() {
            return minMillis;
        }

        int maxMillis() {
            return maxMillis;
        }
    }
}
