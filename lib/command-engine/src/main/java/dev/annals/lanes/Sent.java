package dev.annals.lanes;

import dev.annals.lanes.Positions.LastEvent;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where the records of one transaction came to stand. The producer's thread fills it; it is read after the commit,
 * which waits for all of them.
 */
final class Sent implements Callback {

    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Map<TopicPartition, LastEvent> events = new HashMap<>();
    private long time;

    @Override
    public synchronized void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
        if (failure == null && metadata != null) { // a failure fails the commit
            next.merge(new TopicPartition(metadata.topic(), metadata.partition()), metadata.offset() + 1, Math::max);
            time = Math.max(time, metadata.timestamp());
        }
    }

    /** As this, of an event. */
    Callback event(byte[] key) {
        return (metadata, failure) -> {
            onCompletion(metadata, failure);
            if (failure == null) {
                event(new TopicPartition(metadata.topic(), metadata.partition()), metadata.offset(), key);
            }
        };
    }

    private synchronized void event(TopicPartition partition, long offset, byte[] key) {
        events.put(partition, new LastEvent(offset, key)); // a partition's are told of in their order
    }

    /** Moves what is a log of the lane behind the last record. */
    synchronized void advance(Positions positions) {
        next.forEach(positions::advanceKnown);
        events.forEach(positions::advance);
    }

    /** The newest time of a record, by the brokers' clock where they stamp them; milliseconds since the epoch. */
    synchronized long time() {
        return time;
    }
}
