package dev.annals.query.table;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for a record to change. A change that comes between {@link #enter} and {@link Waiter#await} is not
 * missed: enter first, then read, then wait. Thread-safe.
 *
 * <p>How many wait is bounded by the caller, who holds a thread for each.
 */
public final class Waiters {

    private final ConcurrentMap<Bytes, List<Waiter>> waiting = new ConcurrentHashMap<>();
    private volatile boolean ended;

    /** One who waits for one key. For one thread. */
    public final class Waiter implements AutoCloseable {

        private final Bytes key;
        private final Semaphore changes = new Semaphore(0);

        private Waiter(Bytes key) {
            this.key = key;
        }

        /**
         * Returns after the next change of the record, or when the time is up.
         *
         * @return whether there was a change, or the partition moved
         * @throws TableUnavailableException if no change can come any more
         */
        public boolean await(long nanos) throws InterruptedException {
            if (ended) {
                throw new TableUnavailableException("these rows are not changed any more");
            }
            boolean changed = changes.tryAcquire(nanos, TimeUnit.NANOSECONDS);
            changes.drainPermits();
            return changed;
        }

        @Override
        public void close() {
            waiting.computeIfPresent(key, (same, waiters) -> without(waiters, this));
        }
    }

    public Waiter enter(byte[] key) {
        Waiter waiter = new Waiter(Bytes.wrap(key));
        waiting.compute(waiter.key, (same, waiters) -> with(waiters, waiter));
        return waiter;
    }

    void changed(Bytes key) {
        List<Waiter> waiters = waiting.get(key);
        if (waiters != null) {
            waiters.forEach(waiter -> waiter.changes.release());
        }
    }

    /** A partition came or went, or a copy of one has changed: all look again. */
    void moved() {
        waiting.values().forEach(waiters -> waiters.forEach(waiter -> waiter.changes.release()));
    }

    /** Nothing changes any more: whoever waits looks a last time, and is then told so. */
    void end() {
        ended = true;
        moved();
    }

    private static List<Waiter> with(@Nullable List<Waiter> waiters, Waiter one) {
        List<Waiter> more = waiters == null ? new ArrayList<>() : new ArrayList<>(waiters);
        more.add(one);
        return more;
    }

    private static @Nullable List<Waiter> without(List<Waiter> waiters, Waiter one) {
        List<Waiter> fewer = new ArrayList<>(waiters);
        fewer.remove(one);
        return fewer.isEmpty() ? null : fewer;
    }
}
