package dev.annals.engine.projecting;

import dev.annals.engine.kafka.RecordPlace;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * A fold in memory. Of rows it keeps what changed them last; what they are, the fold has stored itself. For one thread.
 */
final class MemoryContext implements FoldStep.Context {

    /** Of headers, and of the entry in the map. */
    private static final int CAUSE_BYTES = 500;

    /** Takes what {@link FoldStep.Context#change} is told. */
    @FunctionalInterface
    interface Changes {
        void accept(String group, PartChange change, Record<byte[], byte[]> cause);
    }

    /** What changed a row last, as far as the row tells of it. */
    record Cause(long timestamp, Headers headers) {}

    private final MemoryStore store = new MemoryStore();
    private final Map<String, Cause> causes = new HashMap<>();
    private final Changes changes;
    private long bytes;
    private RecordPlace place = new RecordPlace("", 0, StoredValue.NONE);

    MemoryContext(Changes changes) {
        this.changes = changes;
    }

    void at(RecordPlace next) {
        place = next;
    }

    /** The record after the one before. */
    void next() {
        place = new RecordPlace(place.topic(), place.partition(), place.offset() + 1);
    }

    @Override
    public RecordPlace place() {
        return place;
    }

    /** A fold has one. */
    @Override
    public FoldStep.Store store(String name) {
        return store;
    }

    MemoryStore store() {
        return store;
    }

    @Override
    public void change(String group, PartChange change, Record<byte[], byte[]> cause) {
        changes.accept(group, change, cause);
    }

    @Override
    public void row(String key, long version, @Nullable GenericRecord row, Record<byte[], byte[]> cause) {
        if (row == null) {
            causes.remove(key);
        } else {
            causes.put(key, new Cause(cause.timestamp(), RowWriter.handOn(cause)));
        }
    }

    Cause cause(String key) {
        return Objects.requireNonNull(causes.get(key));
    }

    /** All is written at the end. */
    @Override
    public void commit() {}

    /** By how many bytes more is held than when this was asked last, about. */
    long grown() {
        long before = bytes;
        bytes = store.bytes() + (long) CAUSE_BYTES * causes.size();
        return bytes - before;
    }

    void clear() {
        store.clear();
        causes.clear();
    }

    /** A store in memory, which knows about how much of it it takes. For one thread. */
    static final class MemoryStore implements FoldStep.Store {

        /** Of an entry in the map, beside what is in the two arrays. */
        private static final int ENTRY_BYTES = 120;

        private final Map<Bytes, byte[]> entries = new HashMap<>();
        private long bytes;

        @Override
        public byte @Nullable [] get(byte[] key) {
            return entries.get(Bytes.wrap(key));
        }

        /**
         * A value of the same length goes into the array of the one before: the garbage collector need not look at old
         * arrays again.
         */
        @Override
        public void put(byte[] key, byte[] value) {
            Bytes wrapped = Bytes.wrap(key);
            byte[] before = entries.get(wrapped);
            if (before != null && before.length == value.length) {
                System.arraycopy(value, 0, before, 0, value.length);
                return;
            }
            entries.put(wrapped, value);
            bytes += before == null ? ENTRY_BYTES + key.length + value.length : value.length - before.length;
        }

        /** About. */
        long bytes() {
            return bytes;
        }

        void forEach(BiConsumer<byte[], byte[]> action) {
            entries.forEach((key, value) -> action.accept(key.get(), value));
        }

        void clear() {
            entries.clear();
            bytes = 0;
        }
    }
}
