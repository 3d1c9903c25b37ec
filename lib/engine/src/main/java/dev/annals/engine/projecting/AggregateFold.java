package dev.annals.engine.projecting;

import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.Tombstones;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Folds each aggregate's events into one value, each event once and in order: an event at or below the version that was
 * folded changes nothing, and one that comes too early stops the view. One that somebody has said to pass over leaves the value
 * unchanged, and so do those that were erased, where the view says so. Before a summary, events may be missing.
 */
final class AggregateFold<E> {

    /** The view's fold, from value to value as they are stored. Throws what the view's own code throws. */
    @FunctionalInterface
    interface Step<E> {
        @Nullable
        GenericRecord apply(@Nullable GenericRecord value, StoredEvent<E> event);
    }

    /**
     * What one event did to its aggregate's value.
     *
     * @param version of the event
     */
    record Change(
            long version,
            @Nullable GenericRecord before,
            @Nullable GenericRecord after) {}

    private final EventReader<E> events;
    private final Step<E> step;
    private final Slot.Codec slots;
    private final FoldContext.Store store;
    private final Place place;
    private final boolean partial;

    /** @param partial whether an aggregate's first event here may be any of its events */
    AggregateFold(
            EventReader<E> events, Step<E> step, Schema value, FoldContext.Store store, Place place, boolean partial) {
        this.events = events;
        this.step = step;
        this.slots = new Slot.Codec(value);
        this.store = store;
        this.place = place;
        this.partial = partial;
    }

    /**
     * Folds one record and stores the new value.
     *
     * @return null if the event had been folded before, is passed over or erased, or has expired
     * @throws ViewFailedException if the view can't go on
     */
    @Nullable
    Change apply(Record<byte[], byte[]> record) {
        if (place.passesOver()) {
            passOver(record);
            return null;
        }
        if (Tombstones.isExpired(record.value(), record.headers())) {
            return null;
        }
        EventKey key = events.key(record);
        byte[] id = id(key);
        Slot slot = slot(id, record);
        if (key.version() <= slot.version()) {
            if (slot.has(place.offset())) {
                place.readAgain();
            }
            return null;
        }
        StoredEvent<E> event = record.value() == null ? null : events.read(key, record);
        if (event == null || !event.isSummary()) {
            requireNext(key, slot, record);
        }
        if (event == null) {
            events.requirePassOver(record, "the event has been erased");
            put(id, key.version(), slot.value(), record);
            place.folded();
            return null;
        }
        GenericRecord after = place.guarded(record, () -> step.apply(slot.value(), event));
        put(id, key.version(), after, record);
        place.folded();
        return new Change(key.version(), slot.value(), after);
    }

    /** The value stays as it is, and takes the event's version, so that the event after it is the next. */
    private void passOver(Record<byte[], byte[]> record) {
        EventKey key = events.keyOrNull(record);
        if (key == null) {
            return;
        }
        byte[] id = id(key);
        Slot slot = slot(id, record);
        if (key.version() > slot.version()) {
            put(id, key.version(), slot.value(), record);
        }
    }

    private Slot slot(byte[] id, Record<byte[], byte[]> record) {
        byte[] stored = store.get(id);
        return place.guarded(record, () -> slots.decode(stored));
    }

    private void put(byte[] id, long version, @Nullable GenericRecord value, Record<byte[], byte[]> record) {
        store.put(id, place.guarded(record, () -> slots.encode(new Slot(version, place.offset(), value))));
    }

    private static byte[] id(EventKey key) {
        return key.aggregateId().getBytes(StandardCharsets.UTF_8);
    }

    private void requireNext(EventKey key, Slot slot, Record<byte[], byte[]> record) {
        boolean begins = partial && slot.version() == 0;
        if (key.version() != slot.version() + 1 && !begins) {
            events.requirePassOver(
                    record,
                    "expected version %d of %s next, the versions between are missing from the topic"
                            .formatted(slot.version() + 1, key.aggregateId()));
        }
    }
}
