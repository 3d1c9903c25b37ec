package dev.annals.engine.rebuilding;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the committed records of a {@link PartitionLog} one by one, up to the end that the log had when it was opened.
 * A record stays the next one until it is taken, so whoever fails at it meets it again. One thread at a time.
 */
public final class LogReader implements AutoCloseable {

    private final PartitionLog log;
    private final long begin;
    private final long end;
    private final Queue<ConsumerRecord<byte[], byte[]>> polled = new ArrayDeque<>();
    private long next;

    private interface Start {
        long offset(PartitionLog log, long begin);
    }

    private LogReader(PartitionLog log, long begin, long end, long next) {
        this.log = log;
        this.begin = begin;
        this.end = end;
        this.next = next;
    }

    /** Opens a log to be read from this offset on, or from its first record where that comes later. */
    public static LogReader from(Supplier<PartitionLog> logs, long offset) {
        return open(logs, (log, begin) -> Math.max(begin, offset));
    }

    /**
     * Opens a log to be read from the first record on with this time or a later one, in milliseconds since the epoch.
     */
    public static LogReader since(Supplier<PartitionLog> logs, long time) {
        return open(logs, (log, begin) -> log.firstSince(time));
    }

    private static LogReader open(Supplier<PartitionLog> logs, Start start) {
        PartitionLog log = logs.get();
        try {
            long begin = log.begin();
            long end = log.end();
            long next = start.offset(log, begin);
            if (next < end) {
                log.seek(next);
            }
            return new LogReader(log, begin, end, next);
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    /** The next record; null: the end, or nothing yet, since the marker of a transaction may be on its way. */
    public @Nullable ConsumerRecord<byte[], byte[]> peek() {
        if (polled.isEmpty() && !isAtEnd()) {
            polled.addAll(log.poll());
            if (polled.isEmpty()) {
                next = Math.max(next, log.position());
            }
        }
        ConsumerRecord<byte[], byte[]> record = polled.peek();
        if (record != null && record.offset() >= end) { // written since it was opened
            polled.clear();
            next = end;
            return null;
        }
        return record;
    }

    /** Is done with the record that {@link #peek} has shown. */
    public void take() {
        ConsumerRecord<byte[], byte[]> taken = polled.remove();
        next = polled.isEmpty() ? log.position() : taken.offset() + 1;
    }

    /** The offset to go on from. */
    public long next() {
        return next;
    }

    public boolean isAtEnd() {
        return next >= end;
    }

    /** The time of the newest record, in milliseconds since the epoch; -1 if none has one. */
    public long newest() {
        return log.newest();
    }

    public Rebuild.Progress progress() {
        return new Rebuild.Progress(next - begin, Math.max(end - begin, 0));
    }

    @Override
    public void close() {
        log.close();
    }
}
