package dev.annals.lanes;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the events and results of a lane are taken: for each partition of both topics the offset of the next record.
 * One thread at a time.
 */
final class Positions {

    private final Map<TopicPartition, Long> next;

    Positions(Map<TopicPartition, Long> next) {
        this.next = new HashMap<>(next);
    }

    /** All partitions, at their beginning. */
    static Positions none(Set<TopicPartition> partitions) {
        Positions positions = new Positions(Map.of());
        partitions.forEach(each -> positions.next.put(each, 0L));
        return positions;
    }

    long next(TopicPartition partition) {
        return next.getOrDefault(partition, 0L);
    }

    void advance(TopicPartition partition, long to) {
        next.merge(partition, to, Math::max);
    }

    /** Moves one that is among the lane's own. */
    void advanceKnown(TopicPartition partition, long to) {
        next.computeIfPresent(partition, (same, before) -> Math.max(before, to));
    }

    Map<TopicPartition, Long> copy() {
        return Map.copyOf(next);
    }
}
