package dev.annals.command.retention;

import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Tombstones;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A scan of a partition's events from the first one, to be asked afterwards which events have expired, and which
 * aggregates need a summary. Of events only key, time and type are looked at. For one thread.
 */
final class RetentionScan {

    private final Limits limits;
    private final Predicate<String> isSummary;
    private final Map<String, Stream> byId = new HashMap<>();
    private boolean full;

    /**
     * @param expired events before this may leave
     * @param unsummarized aggregates with an event before this that no summary covers need one; not before
     *     {@code expired}
     * @param slice which of the slices of all aggregates, from 0
     * @param most aggregates that are kept; with more, none count
     */
    record Limits(Instant expired, Instant unsummarized, int slice, int slices, int most) {

        boolean has(String aggregateId) {
            return Math.floorMod(aggregateId.hashCode(), slices) == slice;
        }
    }

    /** Of one aggregate with old events. */
    private static final class Stream {

        private final VersionSet old = new VersionSet();
        private Instant newest = Instant.MIN;
        private long last;
        private long summary;
        private @Nullable Instant uncovered;
    }

    /** @param isSummary by the full name of an event's record */
    RetentionScan(Limits limits, Predicate<String> isSummary) {
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
            key = EventKey.parse(record.key());
        } catch (IllegalArgumentException e) {
            return;
        }
        if (full || !limits.has(key.aggregateId())) {
            return;
        }
        Stream stream = byId.get(key.aggregateId());
        Instant time = time(record);
        if (Tombstones.isExpired(record.value(), record.headers())) {
            if (stream != null) {
                stream.old.remove(key.version());
            }
            return;
        }
        if (stream == null && time.isBefore(limits.unsummarized())) {
            stream = begin(key.aggregateId());
        }
        if (stream == null) {
            return;
        }
        if (record.value() == null) {
            stream.old.add(key.version()); // so that it is among the expired, when a summary stands for it
        } else {
            take(stream, key.version(), time, record);
        }
    }

    private @Nullable Stream begin(String aggregateId) {
        if (byId.size() == limits.most()) {
            full = true;
            byId.clear();
            return null;
        }
        Stream stream = new Stream();
        byId.put(aggregateId, stream);
        return stream;
    }

    private void take(Stream stream, long version, Instant time, ConsumerRecord<byte[], byte[]> record) {
        String type = HeaderName.TYPE.in(record.headers());
        if (type != null && isSummary.test(type)) {
            stream.uncovered = null;
            if (stream.newest.isBefore(limits.expired())) {
                stream.summary = version;
            }
        } else if (stream.uncovered == null || time.isBefore(stream.uncovered)) {
            stream.uncovered = time;
        }
        if (time.isBefore(limits.expired())) {
            stream.old.add(version);
        }
        stream.newest = time.isAfter(stream.newest) ? time : stream.newest;
        stream.last = Math.max(stream.last, version);
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
     * Tells each event that has expired, with the version of the summary that stands for it: all before a summary are
     * old. The newest of an aggregate comes first: a cleaner that has seen only the first of their tombstones leaves a
     * stream that begins as it began, and goes on with the summary.
     */
    void forEachExpired(ObjLongConsumer<EventKey> each) {
        byId.forEach((id, stream) -> {
            for (long version = stream.old.below(stream.summary); version > 0; version = stream.old.below(version)) {
                each.accept(new EventKey(id, version), stream.summary);
            }
        });
    }

    /** Tells each aggregate that needs a summary, with the version of its last event. */
    void forEachUnsummarized(ObjLongConsumer<String> each) {
        byId.forEach((id, stream) -> {
            Instant uncovered = stream.uncovered;
            if (uncovered != null && uncovered.isBefore(limits.unsummarized())) {
                each.accept(id, stream.last);
            }
        });
    }
}
