package dev.annals.lanes;

import dev.annals.engine.deciding.DedupEntry;
import dev.annals.engine.deciding.StoreKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.FlushOptions;
import org.rocksdb.Holder;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * What a lane keeps on disk: RocksDB without a write-ahead log, since Kafka is the log. Changes come in batches that
 * say up to which events and results they go, so whatever a crash leaves of it is a consistent cut of both.
 *
 * <pre>
 * C commandId 00 aggregateId → what is kept of a decided command
 * M                          → what code made the states
 * O partition topic          → the offset of the next record
 * S aggregateId              → state and version
 * </pre>
 *
 * <p>Reading and writing may go on side by side; one writer at a time.
 */
final class LaneStore implements AutoCloseable {

    private static final byte[] FIRST_COMMAND = StoreKeys.firstCommand();
    private static final byte[] MARK = {'M'};
    private static final byte OFFSET = 'O';
    private static final byte[] FIRST_OFFSET = {OFFSET};
    private static final int BLOOM_BITS = 10;

    static {
        RocksDB.loadLibrary();
    }

    private final Options options;
    private final BloomFilter filter;
    private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
    private final RocksDB db;

    /** Where the sweep for expired ids goes on. Writer's own. */
    private byte[] swept = FIRST_COMMAND;

    private LaneStore(Options options, BloomFilter filter, RocksDB db) {
        this.options = options;
        this.filter = filter;
        this.db = db;
    }

    /**
     * Opens what is in a folder, or begins it.
     *
     * @param tuning bounds the memory of all stores of the process
     * @throws LaneStoreException if it is damaged, or another process has it
     */
    static LaneStore open(Path folder, Consumer<Options> tuning) {
        BloomFilter filter = new BloomFilter(BLOOM_BITS);
        Options options = new Options()
                .setCreateIfMissing(true)
                .setTableFormatConfig(new BlockBasedTableConfig().setFilterPolicy(filter));
        tuning.accept(options);
        try {
            Files.createDirectories(folder);
            return new LaneStore(options, filter, RocksDB.open(options, folder.toString()));
        } catch (RocksDBException e) {
            options.close();
            filter.close();
            throw new LaneStoreException("the store in %s can't be opened".formatted(folder), e);
        } catch (IOException e) {
            options.close();
            filter.close();
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a store that is not open. */
    static void delete(Path folder) {
        try {
            Utils.delete(folder.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** rocksdbjni throws an exception for each key that isn't there, which costs more than to ask first. */
    byte @Nullable [] get(byte[] key) {
        Holder<byte[]> found = new Holder<>();
        try {
            if (!db.keyMayExist(key, found)) {
                return null;
            }
            byte[] value = found.getValue();
            return value == null ? db.get(key) : value;
        } catch (RocksDBException e) {
            throw new LaneStoreException("the store can't be read", e);
        }
    }

    /** Which code made the states; null where there are none yet. */
    @Nullable
    Long identity() {
        byte[] mark = get(MARK);
        return mark == null ? null : ByteBuffer.wrap(mark).getLong();
    }

    Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        try (RocksIterator entries = db.newIterator()) {
            for (entries.seek(FIRST_OFFSET); entries.isValid() && entries.key()[0] == OFFSET; entries.next()) {
                positions.put(
                        partition(entries.key()),
                        ByteBuffer.wrap(entries.value()).getLong());
            }
            entries.status();
        } catch (RocksDBException e) {
            throw new LaneStoreException("the store can't be read", e);
        }
        return positions;
    }

    private static byte[] offsetKey(TopicPartition partition) {
        byte[] topic = partition.topic().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + Integer.BYTES + topic.length)
                .put(OFFSET)
                .putInt(partition.partition())
                .put(topic)
                .array();
    }

    private static TopicPartition partition(byte[] key) {
        ByteBuffer bytes = ByteBuffer.wrap(key, 1, key.length - 1);
        int partition = bytes.getInt();
        return new TopicPartition(StandardCharsets.UTF_8.decode(bytes).toString(), partition);
    }

    /** Forgets all states, and that any events were taken; the ids of commands stay. */
    void beginStates(long identity, Iterable<TopicPartition> events) {
        write(batch -> {
            batch.deleteRange(StoreKeys.firstState(), StoreKeys.afterStates());
            for (TopicPartition each : events) {
                batch.put(offsetKey(each), number(0));
            }
            batch.put(MARK, number(identity));
        });
    }

    /** Changes that take effect together. */
    interface Changes {
        void in(WriteBatch batch) throws RocksDBException;
    }

    /** @param positions up to where the changes go */
    void write(Changes changes, Map<TopicPartition, Long> positions) {
        write(batch -> {
            changes.in(batch);
            for (Map.Entry<TopicPartition, Long> each : positions.entrySet()) {
                batch.put(offsetKey(each.getKey()), number(each.getValue()));
            }
        });
    }

    private void write(Changes changes) {
        try (WriteBatch batch = new WriteBatch()) {
            changes.in(batch);
            db.write(unlogged, batch);
        } catch (RocksDBException e) {
            throw new LaneStoreException("the store can't be written", e);
        }
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    /** Makes what was written outlive a crash. */
    void flush() {
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            db.flush(flush);
        } catch (RocksDBException e) {
            throw new LaneStoreException("the store can't be flushed", e);
        }
    }

    /**
     * Removes expired ids among the next ones of a sweep that goes round through all.
     *
     * @param before arrivals before this have expired, milliseconds since the epoch
     * @param limit the most ids to look at
     */
    void sweep(long before, int limit) {
        try (RocksIterator entries = db.newIterator();
                WriteBatch batch = new WriteBatch()) {
            int seen = 0;
            entries.seek(swept);
            for (; seen < limit && entries.isValid() && entries.key()[0] == FIRST_COMMAND[0]; entries.next()) {
                seen++;
                if (DedupEntry.arrival(entries.value()) < before) {
                    batch.delete(entries.key());
                }
            }
            entries.status();
            swept = seen == limit && entries.isValid() ? entries.key() : FIRST_COMMAND;
            db.write(unlogged, batch);
        } catch (RocksDBException e) {
            throw new LaneStoreException("the store can't be swept", e);
        }
    }

    /** Visits the entries with keys from {@code from} on and before {@code to}, in unsigned byte order. */
    void scan(byte[] from, byte[] to, int limit, BiConsumer<byte[], byte[]> visitor) {
        try (RocksIterator entries = db.newIterator()) {
            int seen = 0;
            for (entries.seek(from);
                    seen < limit && entries.isValid() && Arrays.compareUnsigned(entries.key(), to) < 0;
                    entries.next()) {
                seen++;
                visitor.accept(entries.key(), entries.value());
            }
            entries.status();
        } catch (RocksDBException e) {
            throw new LaneStoreException("the store can't be read", e);
        }
    }

    @Override
    public void close() {
        db.close();
        unlogged.close();
        options.close();
        filter.close();
    }
}
