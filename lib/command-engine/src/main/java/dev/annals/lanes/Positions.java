package dev.annals.lanes;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the events and results of a lane are taken: for each partition of both topics the offset of the next record,
 * and the last event that is known to be there. One thread at a time.
 */
final class Positions {

    private final Map<TopicPartition, Long> next;
    private final Map<TopicPartition, LastEvent> last;

    /**
     * An event of which no later one is known in its partition.
     *
     * @param offset where it stands
     * @param key of its record
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by isKey
    record LastEvent(long offset, byte[] key) {

        boolean isKey(byte[] other) {
            return Arrays.equals(key, other);
        }
    }

    Positions(Map<TopicPartition, Long> next, Map<TopicPartition, LastEvent> last) {
        this.next = new HashMap<>(next);
        this.last = new HashMap<>(last);
    }

    /** All partitions, at their beginning. */
    static Positions none(Set<TopicPartition> partitions) {
        Positions positions = new Positions(Map.of(), Map.of());
        partitions.forEach(each -> positions.next.put(each, 0L));
        return positions;
    }

    long next(TopicPartition partition) {
        return next.getOrDefault(partition, 0L);
    }

    Map<TopicPartition, Long> next() {
        return Map.copyOf(next);
    }

    Map<TopicPartition, LastEvent> last() {
        return Map.copyOf(last);
    }

    void advance(TopicPartition partition, long to) {
        next.merge(partition, to, Math::max);
    }

    /** Moves behind an event. */
    void advance(TopicPartition partition, LastEvent event) {
        advance(partition, event.offset + 1);
        last.merge(partition, event, (before, after) -> after.offset > before.offset ? after : before);
    }

    /** Moves one that is among the lane's own. */
    void advanceKnown(TopicPartition partition, long to) {
        next.computeIfPresent(partition, (same, before) -> Math.max(before, to));
    }

    void advance(Positions to) {
        to.next.forEach(this::advance);
        to.last.forEach(this::advance);
    }

    Positions copy() {
        return new Positions(next, last);
    }
}
