package dev.annals.query.table;

import dev.annals.service.kafka.BoundedRocksDb;
import java.util.Iterator;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.ValueTimestampHeaders;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a table on this instance, which is its active owner or has a standby's copy. Thread-safe. Every
 * method throws {@link TableUnavailableException} once the partition has moved away, or where its store is damaged.
 */
public final class Shard {

    private final String name;
    private final boolean standby;
    private final ReadOnlyKeyValueStore<Bytes, ValueTimestampHeaders<byte[]>> store;
    private final @Nullable ReadOnlyKeyValueStore<Bytes, byte[]> kept;
    private final Consumer<String> damaged;

    /**
     * @param kept what the table's {@link SideStore} keeps; null if it has none
     * @param damaged is told why a store can't be read
     */
    Shard(
            String name,
            boolean standby,
            ReadOnlyKeyValueStore<Bytes, ValueTimestampHeaders<byte[]>> store,
            @Nullable ReadOnlyKeyValueStore<Bytes, byte[]> kept,
            Consumer<String> damaged) {
        this.name = name;
        this.standby = standby;
        this.store = store;
        this.kept = kept;
        this.damaged = damaged;
    }

    /** Whether this is a copy that may lack the newest records. */
    public boolean isStandby() {
        return standby;
    }

    /**
     * To be asked before anything is called absent.
     *
     * @throws TableUnavailableException if this is a copy, which may only lack it
     */
    public void requireComplete() {
        if (standby) {
            throw new TableUnavailableException(
                    "the owner of %s is away, and its standby may lack this".formatted(name));
        }
    }

    /** The record of a key, null if there is none. */
    public @Nullable StoredRecord get(byte[] key) {
        ValueTimestampHeaders<byte[]> found = reading(() -> store.get(Bytes.wrap(key)));
        return found == null ? null : record(key, found);
    }

    /**
     * The records of a range of keys, in the order of their bytes. Close it soon: it holds a snapshot of the store.
     *
     * @param from inclusive; null for the first
     * @param to inclusive; null for the last
     */
    public Range range(byte @Nullable [] from, byte @Nullable [] to) {
        return new Range(() -> store.range(wrap(from), wrap(to)));
    }

    /** Like {@link #range}, the last first. */
    public Range backwards(byte[] from, byte[] to) {
        return new Range(() -> store.reverseRange(Bytes.wrap(from), Bytes.wrap(to)));
    }

    /** The last record of a range of keys, null if there is none. */
    public @Nullable StoredRecord last(byte[] from, byte[] to) {
        try (Range backwards = backwards(from, to)) {
            return backwards.hasNext() ? backwards.next() : null;
        }
    }

    /**
     * The last of what the table's {@link SideStore} keeps in a range of keys that is of use; null if nothing is, or it
     * has none.
     *
     * @param use given a key and what is kept of it, makes something of it; null if it is of no use
     */
    public <T> @Nullable T lastKept(byte[] from, byte[] to, BiFunction<byte[], byte[], @Nullable T> use) {
        ReadOnlyKeyValueStore<Bytes, byte[]> beside = kept;
        if (beside == null) {
            return null;
        }
        return reading(() -> {
            try (KeyValueIterator<Bytes, byte[]> backwards = beside.reverseRange(Bytes.wrap(from), Bytes.wrap(to))) {
                while (backwards.hasNext()) {
                    KeyValue<Bytes, byte[]> next = backwards.next();
                    T used = use.apply(next.key.get(), next.value);
                    if (used != null) {
                        return used;
                    }
                }
                return null;
            }
        });
    }

    /** Records in key order, or against it; for one thread. */
    public final class Range implements Iterator<StoredRecord>, AutoCloseable {

        private final KeyValueIterator<Bytes, ValueTimestampHeaders<byte[]>> records;

        /** The first block is read when the iterator is made. */
        private final long wrongChecksums = BoundedRocksDb.wrongChecksums();

        private Range(Supplier<KeyValueIterator<Bytes, ValueTimestampHeaders<byte[]>>> records) {
            this.records = reading(records);
        }

        @Override
        public boolean hasNext() {
            boolean more = reading(records::hasNext);
            if (!more && BoundedRocksDb.wrongChecksums() != wrongChecksums) {
                // An iterator that meets a damaged block says no more than that it has come to its end.
                throw unreadable("a block with a wrong checksum was found while a range was read", null);
            }
            return more;
        }

        @Override
        public StoredRecord next() {
            KeyValue<Bytes, ValueTimestampHeaders<byte[]>> next = reading(records::next);
            return record(next.key.get(), next.value);
        }

        @Override
        public void close() {
            records.close();
        }
    }

    private static StoredRecord record(byte[] key, ValueTimestampHeaders<byte[]> stored) {
        Headers headers = stored.headers();
        return new StoredRecord(key, stored.value(), headers);
    }

    @SuppressWarnings("NullAway") // Streams takes null for an open end, and answers null for no record
    private static Bytes wrap(byte @Nullable [] bytes) {
        return bytes == null ? null : Bytes.wrap(bytes);
    }

    private <T extends @Nullable Object> T reading(Supplier<T> read) {
        try {
            return read.get();
        } catch (InvalidStateStoreException e) {
            throw new TableUnavailableException(name + " has just moved or closed", e);
        } catch (ProcessorStateException e) {
            throw unreadable(String.valueOf(e.getMessage()), e);
        }
    }

    private TableUnavailableException unreadable(String reason, @Nullable Throwable cause) {
        damaged.accept("%s: %s".formatted(name, reason));
        return new TableUnavailableException(name + " can't be read here now: its store seems to be damaged", cause);
    }
}
