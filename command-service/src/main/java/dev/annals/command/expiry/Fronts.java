package dev.annals.command.expiry;

import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Tombstones;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The old ends of the streams of a partition, as one reading of it from the beginning shows them: which events may leave, and of which
 * aggregates the books should be closed. Of events only key, time and type are looked at. For one thread.
 */
final class Fronts {

    private final Limits limits;
    private final Predicate<String> isSummary;
    private final Map<String, Front> byId = new HashMap<>();
    private boolean full;

    /**
     * What counts.
     *
     * @param expired events before this may leave
     * @param closing books with an event before this that no summary covers should be closed; not before {@code expired}
     * @param slice which of the slices of all aggregates, from 0
     * @param most aggregates that are kept; with more, none count
     */
    record Limits(Instant expired, Instant closing, int slice, int slices, int most) {

        boolean has(String aggregateId) {
            return Math.floorMod(aggregateId.hashCode(), slices) == slice;
        }
    }

    /** Of one aggregate with old events. */
    private static final class Front {

        private final BitSet old = new BitSet();
        private Instant newest = Instant.MIN;
        private long last;
        private long summary;
        private @Nullable Instant uncovered;
    }

    /** Takes an event that is to leave, and the version of the summary that stands for it. */
    @FunctionalInterface
    interface EachExpired {
        void of(EventKey event, long summary);
    }

    /** Takes an aggregate whose books should be closed, and the version of its last event. */
    @FunctionalInterface
    interface EachClosing {
        void of(String aggregateId, long version);
    }

    /** @param isSummary by the full name of an event's record */
    Fronts(Limits limits, Predicate<String> isSummary) {
        this.limits = limits;
        this.isSummary = isSummary;
    }

    /** Whether there were too many aggregates: read again in more slices. */
    boolean isFull() {
        return full;
    }

    /** The next record of the partition; what is no event is passed over. */
    void take(ConsumerRecord<byte[], byte[]> record) {
        EventKey key;
        try {
            key = EventKey.parse(Objects.requireNonNullElse(record.key(), new byte[0]));
        } catch (IllegalArgumentException e) {
            return;
        }
        if (full || key.version() >= Integer.MAX_VALUE || !limits.has(key.aggregateId())) {
            return;
        }
        Front front = byId.get(key.aggregateId());
        Instant time = time(record);
        if (Tombstones.isExpired(record.value(), record.headers())) {
            if (front != null) {
                front.old.clear((int) key.version());
            }
            return;
        }
        if (front == null && time.isBefore(limits.closing())) {
            front = begin(key.aggregateId());
        }
        if (front == null) {
            return;
        }
        if (record.value() == null) {
            front.old.set((int) key.version()); // so that it is among the expired, when a summary stands for it
        } else {
            take(front, (int) key.version(), time, record);
        }
    }

    private @Nullable Front begin(String aggregateId) {
        if (byId.size() == limits.most()) {
            full = true;
            byId.clear();
            return null;
        }
        Front front = new Front();
        byId.put(aggregateId, front);
        return front;
    }

    private void take(Front front, int version, Instant time, ConsumerRecord<byte[], byte[]> record) {
        String type = HeaderName.TYPE.in(record.headers());
        if (type != null && isSummary.test(type)) {
            front.uncovered = null;
            if (front.newest.isBefore(limits.expired())) {
                front.summary = version;
            }
        } else if (front.uncovered == null || time.isBefore(front.uncovered)) {
            front.uncovered = time;
        }
        if (time.isBefore(limits.expired())) {
            front.old.set(version);
        }
        front.newest = time.isAfter(front.newest) ? time : front.newest;
        front.last = Math.max(front.last, version);
    }

    private static Instant time(ConsumerRecord<?, ?> record) {
        String time = HeaderName.TIME.in(record.headers());
        try {
            return time == null ? Instant.ofEpochMilli(record.timestamp()) : Instant.parse(time);
        } catch (DateTimeException e) {
            return Instant.ofEpochMilli(record.timestamp());
        }
    }

    /**
     * The events that may leave: all before a summary are old. The newest of an aggregate comes first: a cleaner that has seen only the first of
     * their tombstones leaves a stream that begins as it began, and goes on with the summary.
     */
    void forEachExpired(EachExpired each) {
        byId.forEach((id, front) -> {
            for (int version = front.old.previousSetBit((int) front.summary - 1);
                    version > 0;
                    version = front.old.previousSetBit(version - 1)) {
                each.of(new EventKey(id, version), front.summary);
            }
        });
    }

    void forEachClosing(EachClosing each) {
        byId.forEach((id, front) -> {
            Instant uncovered = front.uncovered;
            if (uncovered != null && uncovered.isBefore(limits.closing())) {
                each.of(id, front.last);
            }
        });
    }
}
