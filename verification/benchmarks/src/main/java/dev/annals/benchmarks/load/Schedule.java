package dev.annals.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * When the commands of one load start; in the nanoseconds of {@link System#nanoTime}. Any thread may ask.
 *
 * <p>At a fixed rate a command starts when it was meant to, also if it is sent later: a stall counts for every command
 * that was due in it (no coordinated omission).
 */
final class Schedule {

    /** How long after its end a load at a fixed rate may still send what was due. */
    static final Duration LATE_LIMIT = Duration.ofSeconds(10);

    private static final double NANOS = 1e9;

    private final Load load;
    private final long start;
    private final long from;
    private final long to;

    Schedule(Load load, long start) {
        this.load = load;
        this.start = start;
        this.from = start + load.settle().toNanos();
        this.to = from + load.measured().toNanos();
    }

    /** Whether the i-th command, counted from 0, is still to be sent at this time. */
    boolean has(long i, long now) {
        return i < load.commands() && dueAt(i, now) - to < 0;
    }

    /**
     * Waits until the i-th command is due.
     *
     * @return when it starts
     * @throws LoadException if the rate is far from being held
     */
    long await(long i) {
        long due = dueAt(i, System.nanoTime());
        for (long now = System.nanoTime(); due - now > 0; now = System.nanoTime()) {
            LockSupport.parkNanos(due - now);
        }
        if (System.nanoTime() - to > LATE_LIMIT.toNanos()) {
            throw new LoadException("%,.0f/s can't be held: %,.0f commands were still to be sent %d s after the end"
                    .formatted(load.perSecond(), (to - due) / NANOS * load.perSecond(), LATE_LIMIT.toSeconds()));
        }
        return due;
    }

    private long dueAt(long i, long now) {
        return load.isClosedLoop() ? now : start + (long) (i * NANOS / load.perSecond());
    }

    boolean isMeasured(long time) {
        return time - from >= 0 && time - to < 0;
    }

    Duration measured() {
        return load.measured();
    }
}
