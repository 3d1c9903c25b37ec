package dev.annals.engine.kafka;

import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * A persistent store whose ranges don't end where a damaged block begins.
 *
 * <p>A RocksDB iterator that meets a block with a wrong checksum says only that there is nothing more, and Kafka
 * Streams doesn't ask it why: what is missing looks as if it had never been there. So whoever comes to the end of a
 * range here gets a {@link ProcessorStateException} if a wrong checksum was found meanwhile, as {@link #get} throws one
 * by itself.
 */
public final class CheckedStore implements KeyValueStore<Bytes, byte[]> {

    /**
     * In the configuration of an application: a {@link LongSupplier} that counts the wrong checksums of this process.
     * Without it nothing is checked.
     */
    public static final String WRONG_CHECKSUMS = "annals.store.wrong.checksums";

    private final KeyValueStore<Bytes, byte[]> store;
    private LongSupplier wrongChecksums = () -> 0;

    private CheckedStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /** As {@link Stores#persistentKeyValueStore}. */
    public static KeyValueBytesStoreSupplier persistent(String name) {
        KeyValueBytesStoreSupplier supplier = Stores.persistentKeyValueStore(name);
        return new KeyValueBytesStoreSupplier() {
            @Override
            public String name() {
                return supplier.name();
            }

            @Override
            public KeyValueStore<Bytes, byte[]> get() {
                return new CheckedStore(supplier.get());
            }

            @Override
            public String metricsScope() {
                return supplier.metricsScope();
            }
        };
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        if (context.appConfigs().get(WRONG_CHECKSUMS) instanceof LongSupplier counter) {
            wrongChecksums = counter;
        }
        store.init(context, root);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(@Nullable Bytes from, @Nullable Bytes to) {
        return checked(() -> store.range(from, to));
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> reverseRange(@Nullable Bytes from, @Nullable Bytes to) {
        return checked(() -> store.reverseRange(from, to));
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return checked(store::all);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> reverseAll() {
        return checked(store::reverseAll);
    }

    @Override
    public <S extends Serializer<P>, P> KeyValueIterator<Bytes, byte[]> prefixScan(P prefix, S serializer) {
        return checked(() -> store.prefixScan(prefix, serializer));
    }

    private KeyValueIterator<Bytes, byte[]> checked(Supplier<KeyValueIterator<Bytes, byte[]>> range) {
        long before = wrongChecksums.getAsLong(); // the first block is read when the iterator is made
        KeyValueIterator<Bytes, byte[]> iterator = range.get();
        return new KeyValueIterator<>() {
            @Override
            public boolean hasNext() {
                boolean more = iterator.hasNext();
                if (!more && wrongChecksums.getAsLong() != before) {
                    throw new ProcessorStateException(
                            "A block with a wrong checksum was found while a range of store %s was read"
                                    .formatted(name()));
                }
                return more;
            }

            @Override
            public KeyValue<Bytes, byte[]> next() {
                return iterator.next();
            }

            @Override
            public Bytes peekNextKey() {
                return iterator.peekNextKey();
            }

            @Override
            public void close() {
                iterator.close();
            }
        };
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
        return store.get(key);
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
        store.put(key, value);
    }

    @Override
    public byte @Nullable [] putIfAbsent(Bytes key, byte @Nullable [] value) {
        return store.putIfAbsent(key, value);
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        store.putAll(entries);
    }

    @Override
    public byte @Nullable [] delete(Bytes key) {
        return store.delete(key);
    }

    @Override
    public long approximateNumEntries() {
        return store.approximateNumEntries();
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        store.commit(changelogOffsets);
    }

    @Override
    public @Nullable Long committedOffset(TopicPartition partition) {
        return store.committedOffset(partition);
    }

    @Override
    public void close() {
        store.close();
    }

    @Override
    public boolean persistent() {
        return store.persistent();
    }

    @Override
    @SuppressWarnings("deprecation") // Streams asks
    public boolean managesOffsets() {
        return store.managesOffsets();
    }

    @Override
    public boolean isOpen() {
        return store.isOpen();
    }

    /** As the store itself answers: who reads so has to look whether wrong checksums were counted meanwhile. */
    @Override
    public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
        return store.query(query, bound, config);
    }

    @Override
    public Position getPosition() {
        return store.getPosition();
    }
}
