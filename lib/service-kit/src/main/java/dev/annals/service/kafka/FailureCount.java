package dev.annals.service.kafka;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.kafka.streams.errors.StreamsException;
import org.jspecify.annotations.Nullable;

/** Failures in a row, and how long to pause after each. A quiet {@link #CURED_AFTER} ends the row. Thread-safe. */
final class FailureCount {

    static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    /** Where only a person can help. */
    static final Duration FIRST_PAUSE_OF_STOPS = Duration.ofSeconds(1);

    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /**
     * Up to here a failed thread is replaced; from here the whole client is restarted, with no transaction held open.
     */
    static final int REPLACED_THREADS = 3;

    static final int UNREADY_AFTER = 5;
    static final Duration CURED_AFTER = Duration.ofMinutes(2);

    /** Longer than it takes to fail again, also at a registry that does not answer. */
    static final Duration TRUSTED_AFTER = Duration.ofSeconds(20);

    private static final int MAX_DOUBLINGS = 20;

    private final InstantSource clock;
    private final Duration firstPause;
    private int row;
    private Instant last = Instant.EPOCH;
    private @Nullable String message;
    private @Nullable Instant runningSince;

    FailureCount(InstantSource clock, Duration firstPause) {
        this.clock = clock;
        this.firstPause = firstPause;
    }

    /** Counts one more; how many there are in a row. */
    synchronized int add(Throwable failure) {
        endRowIfCured();
        row++;
        last = clock.instant();
        message = describe(failure);
        return row;
    }

    /** It runs from now on, or has stopped running. */
    synchronized void runs(boolean runs) {
        runningSince = runs ? clock.instant() : null;
    }

    /** The next failure is the first of a new row. */
    synchronized void endRow() {
        row = 0;
    }

    synchronized Duration pause() {
        Duration pause = firstPause.multipliedBy(1L << Math.clamp(row - 1L, 0, MAX_DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /** Why the application can't be trusted to go on, null when it can. */
    synchronized @Nullable String reasonAgainst() {
        endRowIfCured();
        return row < UNREADY_AFTER || isTrusted()
                ? null
                : "failed %d times in a row, last with %s".formatted(row, message);
    }

    /** Whether it has run for a while since it failed: a row that goes on all the same shows in longer pauses. */
    private boolean isTrusted() {
        Instant since = runningSince;
        return since != null
                && (since.isAfter(last) ? since : last).plus(TRUSTED_AFTER).isBefore(clock.instant());
    }

    private void endRowIfCured() {
        if (last.plus(CURED_AFTER).isBefore(clock.instant())) {
            endRow();
        }
    }

    /** What lies beneath the exceptions that Streams wraps around a failure to say where it happened. */
    static String describe(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof StreamsException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
}
