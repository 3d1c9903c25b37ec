package dev.annals.engine.reacting;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The instances of one partition, in the store of their task. One thread at a time. */
final class InstanceStore<S extends java.lang.Record> {

    private final KeyValueStore<byte[], byte[]> store;
    private final Journal<S> journal;
    private final InstanceCodec<S> codec;
    private final EntryReader entries;

    /** Reads an entry of the journal as the topic has it. */
    @FunctionalInterface
    interface EntryReader {
        GenericRecord read(byte[] value);
    }

    /** One that waits, and under which number. */
    record Waiting(long number, Record<byte[], byte[]> record) {}

    InstanceStore(KeyValueStore<byte[], byte[]> store, Journal<S> journal, EntryReader entries) {
        this.store = store;
        this.journal = journal;
        this.codec = new InstanceCodec<>(journal);
        this.entries = entries;
    }

    boolean hasEnded(String id) {
        return store.get(InstanceKeys.ended(id)) != null;
    }

    /** The instance as it is; one that is not there is new. Where other code stored it, its journal is folded anew. */
    Instance<S> get(String id) {
        byte[] stored = store.get(InstanceKeys.running(id));
        if (stored == null) {
            return new Instance<>(journal);
        }
        Instance<S> instance = codec.decode(stored);
        return instance == null ? Instance.of(journal, journalOf(id)) : instance;
    }

    /** As its journal says, but for the state. */
    Instance<S> withoutState(String id) {
        return Instance.withoutState(journal, journalOf(id));
    }

    /** One more entry of an instance that can't be stored, since its state can't be had. */
    void append(String id, long number, byte[] entry) {
        store.put(InstanceKeys.journal(id, number), entry);
    }

    private List<GenericRecord> journalOf(String id) {
        List<GenericRecord> all = new ArrayList<>();
        for (KeyValue<byte[], byte[]> each :
                range(InstanceKeys.firstJournal(id), InstanceKeys.afterJournal(id), Integer.MAX_VALUE)) {
            all.add(entries.read(each.value));
        }
        return all;
    }

    GenericRecord entry(String id, long number) {
        byte[] stored = store.get(InstanceKeys.journal(id, number));
        if (stored == null) {
            throw new ParkedException("entry %d of its journal is not in the store".formatted(number));
        }
        return entries.read(stored);
    }

    byte[] encode(Instance<S> instance) {
        return codec.encode(instance);
    }

    /**
     * Stores an instance after one more entry.
     *
     * @param timersBefore those of it that stand in the store
     */
    void put(String id, Instance<S> instance, byte[] encoded, byte[] entry, Map<String, Instant> timersBefore) {
        timersBefore.forEach((timer, due) -> {
            if (!due.equals(instance.timers().get(timer))) {
                store.delete(InstanceKeys.timer(due, id, timer));
            }
        });
        if (instance.isEnded()) {
            store.delete(InstanceKeys.running(id));
            delete(InstanceKeys.firstJournal(id), InstanceKeys.afterJournal(id));
            store.put(InstanceKeys.ended(id), numbers(instance));
        } else {
            store.put(InstanceKeys.running(id), encoded);
            store.put(InstanceKeys.journal(id, instance.entries()), entry);
            instance.timers().forEach((timer, due) -> {
                if (!due.equals(timersBefore.get(timer))) {
                    store.put(InstanceKeys.timer(due, id, timer), new byte[0]);
                }
            });
        }
    }

    private static byte[] numbers(Instance<?> instance) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(instance.entries())
                .putLong(instance.sent())
                .array();
    }

    @Nullable
    String parked(String id) {
        byte[] reason = store.get(InstanceKeys.parked(id));
        return reason == null ? null : new String(reason, StandardCharsets.UTF_8);
    }

    void park(String id, String reason) {
        store.put(InstanceKeys.parked(id), reason.getBytes(StandardCharsets.UTF_8));
    }

    void unpark(String id) {
        store.delete(InstanceKeys.parked(id));
    }

    int countParked() {
        return count(InstanceKeys.FIRST_PARKED, InstanceKeys.AFTER_PARKED);
    }

    private int count(byte[] from, byte[] to) {
        int count = 0;
        try (KeyValueIterator<byte[], byte[]> entriesOfStore = store.range(from, to)) {
            for (; entriesOfStore.hasNext(); count++) {
                entriesOfStore.next();
            }
        }
        return count;
    }

    /** Puts a record after all that wait; false if there are too many. */
    boolean await(String id, Record<byte[], byte[]> record, int limit) {
        byte[] last = null;
        int count = 0;
        try (KeyValueIterator<byte[], byte[]> waiting =
                store.range(InstanceKeys.firstWaiting(id), InstanceKeys.afterWaiting(id))) {
            for (; waiting.hasNext(); count++) {
                last = waiting.next().key;
            }
        }
        if (count >= limit) {
            return false;
        }
        long number = last == null ? 0 : InstanceKeys.number(last) + 1;
        store.put(InstanceKeys.waiting(id, number), StoredArrivals.encode(record));
        return true;
    }

    @Nullable
    Waiting firstWaiting(String id) {
        for (KeyValue<byte[], byte[]> first : range(InstanceKeys.firstWaiting(id), InstanceKeys.afterWaiting(id), 1)) {
            return new Waiting(InstanceKeys.number(first.key), StoredArrivals.decode(first.value));
        }
        return null;
    }

    void told(String id, Waiting waiting) {
        store.delete(InstanceKeys.waiting(id, waiting.number()));
    }

    void dropWaiting(String id) {
        delete(InstanceKeys.firstWaiting(id), InstanceKeys.afterWaiting(id));
    }

    /** Takes timers out that are due, the earliest first. */
    List<InstanceKeys.TimerKey> takeDue(Instant now, int limit) {
        List<InstanceKeys.TimerKey> due = new ArrayList<>();
        for (KeyValue<byte[], byte[]> each : range(InstanceKeys.FIRST_TIMER, InstanceKeys.afterTimers(now), limit)) {
            due.add(InstanceKeys.timer(each.key));
            store.delete(each.key);
        }
        return due;
    }

    private void delete(byte[] from, byte[] to) {
        range(from, to, Integer.MAX_VALUE).forEach(each -> store.delete(each.key));
    }

    private List<KeyValue<byte[], byte[]>> range(byte[] from, byte[] to, int limit) {
        List<KeyValue<byte[], byte[]>> found = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> entriesOfStore = store.range(from, to)) {
            while (found.size() < limit && entriesOfStore.hasNext()) {
                found.add(entriesOfStore.next());
            }
        }
        return found;
    }
}
