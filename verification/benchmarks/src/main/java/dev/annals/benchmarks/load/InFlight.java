package dev.annals.benchmarks.load;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The start times of the commands without a result, by number, in a ring: one thread adds, one takes out. At most as
 * many as there are permits.
 */
final class InFlight {

    /** How far a command may fall behind the newest one. */
    static final int RING = 1 << 20;

    /** So long to go on without any result. */
    private static final int PATIENCE_SECONDS = 30;

    private static final long FREE = 0;
    static final long NONE = Long.MIN_VALUE;

    private final int limit;
    private final Semaphore permits;
    private final AtomicLongArray starts = new AtomicLongArray(RING);
    private final AtomicLong lastProgress = new AtomicLong(System.nanoTime());

    InFlight(int limit) {
        if (limit < 1 || limit > RING / 2) {
            throw new LoadException("commands in flight: expected 1 to %,d, got %,d".formatted(RING / 2, limit));
        }
        this.limit = limit;
        this.permits = new Semaphore(limit);
    }

    /** Waits for a place. */
    void awaitPlace() {
        try {
            while (!permits.tryAcquire(1, TimeUnit.SECONDS)) {
                requireProgress();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted", e);
        }
    }

    void add(long number, long start) {
        // 0 marks a free place; a nanosecond does not matter.
        if (!starts.compareAndSet(place(number), FREE, start == FREE ? 1 : start)) {
            throw new LoadException("a command has no result although %,d later ones have one".formatted(RING));
        }
    }

    /**
     * When the command started, or {@link #NONE} if it isn't in flight; its place is free when {@link #leave} is
     * called.
     */
    long take(long number) {
        long start = starts.getAndSet(place(number), FREE);
        return start == FREE ? NONE : start;
    }

    void leave(int commands) {
        lastProgress.setPlain(System.nanoTime());
        permits.release(commands);
    }

    boolean isEmpty() {
        return permits.availablePermits() == limit;
    }

    void requireProgress() {
        if (System.nanoTime() - lastProgress.getPlain() > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
            throw new LoadException("%,d commands have no result after %d s"
                    .formatted(limit - permits.availablePermits(), PATIENCE_SECONDS));
        }
    }

    private static int place(long number) {
        return (int) (number & (RING - 1));
    }
}
