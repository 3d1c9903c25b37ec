package dev.annals.lanes;

import dev.annals.engine.deciding.RecordDecider.Asked;
import dev.annals.lanes.UnreadableRecords.Gap;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The commands that wait for a lane: what was polled, batch by batch, and what callers hand over. Bounded in count and
 * bytes; who fills it is told when it is full. Thread-safe.
 */
final class LaneQueue {

    private final int maxCallers;
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Deque<Polled> polled = new ArrayDeque<>();
    private Deque<Waiting> waiting = new ArrayDeque<>();
    private long polledBytes;
    private long waitingBytes;
    private boolean woken;
    private int term;

    /**
     * A command of which somebody waits for the result.
     *
     * @param partition of its aggregate
     */
    record Waiting(Asked asked, int partition, long bytes, CompletableFuture<CommandAnswer> caller) {}

    /**
     * What one poll has brought of the lane's partitions.
     *
     * @param next the offsets to go on from
     */
    record Polled(List<Command> commands, Map<TopicPartition, OffsetAndMetadata> next, long bytes) {

        /**
         * @param partition where it was polled
         * @param unreadable where it is the first that nobody can read; null if it was read
         */
        record Command(
                Asked asked,
                int partition,
                long time,
                @Nullable Gap unreadable) {}
    }

    /** What there is to decide now. */
    record Work(List<Polled> polled, List<Waiting> waiting) {

        boolean isEmpty() {
            return polled.isEmpty() && waiting.isEmpty();
        }

        Map<TopicPartition, OffsetAndMetadata> next() {
            Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
            polled.forEach(each -> next.putAll(each.next));
            return next;
        }
    }

    /**
     * @param maxCallers the most commands that callers may have waiting
     * @param maxBytes of what was polled, and again of what callers have handed over
     */
    LaneQueue(int maxCallers, long maxBytes) {
        this.maxCallers = maxCallers;
        this.maxBytes = maxBytes;
    }

    /** @return whether there is room for it; otherwise it is not taken */
    boolean offer(Waiting command) {
        lock.lock();
        try {
            if (waiting.size() >= maxCallers || waitingBytes + command.bytes > maxBytes) {
                return false;
            }
            waiting.add(command);
            waitingBytes += command.bytes;
            filled.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** @return whether more may be polled */
    boolean add(Polled batch) {
        lock.lock();
        try {
            polled.add(batch);
            polledBytes += batch.bytes;
            filled.signal();
            return polledBytes < maxBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Whether what was polled leaves room for more. */
    boolean hasRoom() {
        lock.lock();
        try {
            return polledBytes < maxBytes / 2;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Everything that waits; nothing if nothing comes within the time, or the term is another one.
     *
     * @param maxBatches the most polled batches, which bounds the transaction
     * @param ofTerm in which the taker owns the lane
     */
    Work take(Duration wait, int maxBatches, int ofTerm) throws InterruptedException {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (polled.isEmpty() && waiting.isEmpty() && !woken && left > 0) {
                left = filled.awaitNanos(left);
            }
            woken = false;
            if (term != ofTerm) {
                return new Work(List.of(), List.of());
            }
            List<Polled> batches = new ArrayList<>();
            while (batches.size() < maxBatches && !polled.isEmpty()) {
                Polled batch = polled.poll();
                polledBytes -= batch.bytes;
                batches.add(batch);
            }
            List<Waiting> callers = List.copyOf(waiting);
            waiting = new ArrayDeque<>();
            waitingBytes = 0;
            return new Work(batches, callers);
        } finally {
            lock.unlock();
        }
    }

    /** Has {@link #take} look up at once. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins a term: forgets what was polled, since whoever owns the lane in this one polls it again. By the thread
     * that polls, so that all that is here belongs to the present term.
     */
    void renew() {
        lock.lock();
        try {
            term++;
            polled.clear();
            polledBytes = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Counts ownerships: nothing of one may reach into another. */
    int term() {
        lock.lock();
        try {
            return term;
        } finally {
            lock.unlock();
        }
    }

    /** How many commands callers have waiting. */
    int callers() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** What callers have handed over. */
    List<Waiting> takeWaiting() {
        lock.lock();
        try {
            List<Waiting> left = List.copyOf(waiting);
            waiting = new ArrayDeque<>();
            waitingBytes = 0;
            return left;
        } finally {
            lock.unlock();
        }
    }
}
