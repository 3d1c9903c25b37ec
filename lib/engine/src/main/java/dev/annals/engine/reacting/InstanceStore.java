package dev.annals.engine.reacting;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The instances of one partition, in the store of their task. One thread at a time. */
final class InstanceStore<S extends java.lang.Record> {

    /** Why an instance is parked whose journal can't be folded, before the reason. */
    static final String NO_STATE = "its state can't be had";

    /** Of an entry that was erased. */
    private static final byte[] ERASED = {};

    /** Of one whose journal is copied. */
    private static final byte[] COPIED = {};

    /** Of one that is to be folded from its journal when it is told something. */
    private static final byte[] UNFOLDED = {0};

    private final KeyValueStore<byte[], byte[]> store;
    private final Journal<S> journal;
    private final InstanceCodec<S> codec;
    private final EntryReader entries;

    /** Reads an entry of the journal as the topic has it. */
    @FunctionalInterface
    interface EntryReader {
        GenericRecord read(byte[] value);
    }

    /**
     * The journal of an instance as the store has it.
     *
     * @param entries those that are there
     * @param last number of the last one, which may be erased
     */
    private record Journaled(SortedMap<Long, GenericRecord> entries, long last) {

        boolean isWhole() {
            return entries.size() == last;
        }
    }

    /** One that waits, and under which number. */
    record Waiting(long number, Record<byte[], byte[]> record) {}

    /**
     * How far a store is made from the journal.
     *
     * @param copied whether all records are; then the instances are taken from them
     * @param next the offset of the first record that is not copied
     */
    record Building(boolean copied, long next) {}

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
        if (Arrays.equals(stored, UNFOLDED)) {
            return Instance.restored(journal, whole(id));
        }
        Instance<S> instance = codec.decode(stored);
        return instance == null ? Instance.of(journal, whole(id)) : instance;
    }

    /** As its journal says, but for the state. */
    Instance<S> withoutState(String id) {
        Journaled all = journalOf(id);
        return Instance.withoutState(journal, all.entries(), all.last());
    }

    /** Null if the store is neither empty nor half made. */
    @Nullable
    Building building() {
        byte[] stored = store.get(InstanceKeys.BUILDING);
        if (stored != null) {
            ByteBuffer bytes = ByteBuffer.wrap(stored);
            return new Building(bytes.get() == 1, bytes.getLong());
        }
        return isEmpty() ? new Building(false, 0) : null;
    }

    boolean isEmpty() {
        try (KeyValueIterator<byte[], byte[]> all = store.all()) {
            return !all.hasNext();
        }
    }

    void building(Building now) {
        store.put(
                InstanceKeys.BUILDING,
                ByteBuffer.allocate(1 + Long.BYTES)
                        .put((byte) (now.copied() ? 1 : 0))
                        .putLong(now.next())
                        .array());
    }

    void built() {
        store.delete(InstanceKeys.BUILDING);
    }

    /** An entry as the journal has it; null: it is erased. */
    void copy(String id, long number, byte @Nullable [] entry) {
        store.put(InstanceKeys.running(id), COPIED);
        store.put(InstanceKeys.journal(id, number), entry == null ? ERASED : entry);
    }

    boolean hasEntry(String id, long number) {
        byte[] entry = store.get(InstanceKeys.journal(id, number));
        return entry != null && entry.length != ERASED.length;
    }

    /** What the entry has made of the instance stays. */
    void erase(String id, long number) {
        store.put(InstanceKeys.journal(id, number), ERASED);
    }

    /** Instances that are copied and not taken, in the order of their ids, behind one of them. */
    List<String> untaken(@Nullable String behind, int limit) {
        List<String> found = new ArrayList<>();
        byte[] from = behind == null ? InstanceKeys.FIRST_RUNNING : InstanceKeys.afterRunning(behind);
        try (KeyValueIterator<byte[], byte[]> running = store.range(from, InstanceKeys.AFTER_RUNNING)) {
            while (found.size() < limit && running.hasNext()) {
                KeyValue<byte[], byte[]> next = running.next();
                if (next.value.length == COPIED.length) {
                    found.add(InstanceKeys.instance(next.key));
                }
            }
        }
        return found;
    }

    /**
     * Takes a copied instance from its journal: timers, and why it is parked; of one that has ended its numbers alone.
     *
     * @throws ParkedException if entries are missing
     */
    void take(String id) {
        Journaled all = journalOf(id);
        Instance<S> instance = Instance.withoutState(journal, all.entries(), all.last());
        if (instance.isEnded() || all.entries().isEmpty()) { // the journals of those that have ended are erased whole
            end(id, instance);
            return;
        }
        store.put(InstanceKeys.running(id), UNFOLDED);
        instance.timers().forEach((timer, due) -> store.put(InstanceKeys.timer(due, id, timer), new byte[0]));
        requireWhole(all);
        String reason = InstanceSnapshot.reason(all.entries().lastEntry().getValue());
        if (reason != null) {
            park(id, reason);
        }
    }

    /** Parks one that can't be taken from its journal. */
    void unfoldable(String id, String why) {
        store.put(InstanceKeys.running(id), UNFOLDED);
        park(id, why);
    }

    private void end(String id, Instance<S> instance) {
        store.delete(InstanceKeys.running(id));
        delete(InstanceKeys.firstJournal(id), InstanceKeys.afterJournal(id));
        store.put(InstanceKeys.ended(id), numbers(instance));
    }

    /** One more entry of an instance that can't be stored, since its state can't be had. */
    void append(String id, long number, byte[] entry) {
        store.put(InstanceKeys.journal(id, number), entry);
    }

    private List<GenericRecord> whole(String id) {
        Journaled all = journalOf(id);
        requireWhole(all);
        return List.copyOf(all.entries().values());
    }

    private static void requireWhole(Journaled all) {
        if (!all.isWhole()) {
            throw new ParkedException("%s: entries of its journal are missing or erased, there are %d of %d"
                    .formatted(NO_STATE, all.entries().size(), all.last()));
        }
    }

    private Journaled journalOf(String id) {
        SortedMap<Long, GenericRecord> all = new TreeMap<>();
        long last = 0;
        for (KeyValue<byte[], byte[]> each :
                range(InstanceKeys.firstJournal(id), InstanceKeys.afterJournal(id), Integer.MAX_VALUE)) {
            last = InstanceKeys.number(each.key);
            if (each.value.length != ERASED.length) {
                all.put(last, entries.read(each.value));
            }
        }
        return new Journaled(all, last);
    }

    GenericRecord entry(String id, long number) {
        byte[] stored = store.get(InstanceKeys.journal(id, number));
        if (stored == null || stored.length == ERASED.length) {
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
            end(id, instance);
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

    /** Takes an event away that waits. */
    void forgetWaiting(String id, Arrival.OfEvent event) {
        for (KeyValue<byte[], byte[]> each :
                range(InstanceKeys.firstWaiting(id), InstanceKeys.afterWaiting(id), Integer.MAX_VALUE)) {
            if (event.equals(Arrival.of(StoredArrivals.decode(each.value).headers()))) {
                store.delete(each.key);
            }
        }
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
