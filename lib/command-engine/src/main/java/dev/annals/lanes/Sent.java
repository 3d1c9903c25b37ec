package dev.annals.lanes;

import dev.annals.engine.deciding.RecordDecider.Target;
import dev.annals.lanes.Positions.LastEvent;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * What was sent in one transaction, and where it came to stand. The producer's thread tells it; it is read after a
 * flush, which waits for all of it.
 */
final class Sent {

    private final Map<TopicPartition, Long> first = new HashMap<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Map<TopicPartition, LastEvent> events = new HashMap<>();
    private final Map<Target, Long> counts = new EnumMap<>(Target.class);
    private long time;
    private long stamp;

    /** Of a record of this kind, which is about to be sent. */
    synchronized Callback record(Target target, Record<byte[], byte[]> record) {
        counts.merge(target, 1L, Long::sum);
        return (metadata, failure) -> {
            if (failure == null) { // a failure fails the commit
                take(target, record, metadata);
            }
        };
    }

    private synchronized void take(Target target, Record<byte[], byte[]> record, RecordMetadata metadata) {
        TopicPartition partition = new TopicPartition(metadata.topic(), metadata.partition());
        first.merge(partition, metadata.offset(), Math::min);
        next.merge(partition, metadata.offset() + 1, Math::max);
        switch (target) {
            case EVENTS -> // those of a partition come in their order
                events.put(partition, new LastEvent(metadata.offset(), record.key()));
            case RESULTS -> {
                time = Math.max(time, metadata.timestamp());
                stamp = metadata.timestamp() == record.timestamp() ? stamp : metadata.timestamp();
            }
            default -> {
                // no log of the lane
            }
        }
    }

    /** A log that took a record before the end that it had: a leader without its end has taken over. */
    synchronized @Nullable TopicPartition shortened(Positions positions) {
        for (Map.Entry<TopicPartition, Long> each : first.entrySet()) {
            if (each.getValue() < positions.next(each.getKey())) {
                return each.getKey();
            }
        }
        return null;
    }

    /** Moves what is a log of the lane behind the last record. */
    synchronized void advance(Positions positions) {
        next.forEach(positions::advanceKnown);
        events.forEach(positions::advance);
    }

    /** The newest time of a result, by the brokers' clock where they stamp them; milliseconds since the epoch. */
    synchronized long time() {
        return time;
    }

    /** The last time by a broker's clock, in milliseconds since the epoch; 0 if no broker has stamped anything. */
    synchronized long stamp() {
        return stamp;
    }

    synchronized long count(Target target) {
        return counts.getOrDefault(target, 0L);
    }
}
