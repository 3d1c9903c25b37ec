package dev.annals.lanes;

import dev.annals.engine.deciding.DedupEntry;
import dev.annals.engine.deciding.StoreKeys;
import dev.annals.engine.files.OwnerOnly;
import dev.annals.lanes.Positions.LastEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
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
 * C name 00 aggregateId      → what is kept of a decided command
 * D aggregateId              → that its state has changed since it was last published, and at which version
 * L partition topic          → offset and key of the last event that is known to be there
 * M                          → what code made the states
 * O partition topic          → the offset of the next record
 * R                          → that ids of commands are taken from events, too: the store was begun without any
 * S aggregateId              → state and version
 * V aggregateId              → the version that it is known to have had, while states are folded anew
 * </pre>
 *
 * <p>Reading and writing may go on side by side; one writer at a time.
 */
final class LaneStore implements AutoCloseable {

    private static final byte[] FIRST_COMMAND = StoreKeys.firstCommand();
    private static final byte[] MARK = {'M'};
    private static final byte CHANGED = 'D';
    private static final byte[] FIRST_CHANGED = {CHANGED};
    private static final byte[] AFTER_CHANGED = {CHANGED + 1};
    private static final byte[] RECOVERING = {'R'};
    private static final byte OFFSET = 'O';
    private static final byte[] FIRST_OFFSET = {OFFSET};
    private static final byte LAST_EVENT = 'L';
    private static final byte[] FIRST_LAST_EVENT = {LAST_EVENT};
    private static final byte KNOWN = 'V';
    private static final byte[] FIRST_KNOWN = {KNOWN};
    private static final byte[] AFTER_KNOWN = {KNOWN + 1};
    private static final int BLOOM_BITS = 10;
    private static final int PAGE = 1_000;

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
            OwnerOnly.createDirectories(folder);
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

    /**
     * rocksdbjni throws an exception for each key that isn't there, which costs more than to ask first. Who is asked
     * says that a value is empty, too, where the index of a table is not in memory; no value here is.
     */
    byte @Nullable [] get(byte[] key) {
        Holder<byte[]> found = new Holder<>();
        try {
            if (!db.keyMayExist(key, found)) {
                return null;
            }
            byte[] value = found.getValue();
            return value == null || value.length == 0 ? db.get(key) : value;
        } catch (RocksDBException e) {
            throw new LaneStoreException("the store can't be read", e);
        }
    }

    /** Whether ids of commands may be missing that events still tell of. */
    boolean isRecovering() {
        return get(RECOVERING) != null;
    }

    /** Whether any event was taken, or state. */
    boolean hasAggregates() {
        boolean[] found = {false};
        scan(StoreKeys.firstState(), StoreKeys.afterStates(), 1, (key, value) -> found[0] = true);
        return found[0] || !known(null, 1).isEmpty();
    }

    void beginRecovering() {
        write(batch -> batch.put(RECOVERING, number(1)));
    }

    void endRecovering() {
        write(batch -> batch.delete(RECOVERING));
    }

    /** Which code made the states; null until {@link #haveStates}. */
    @Nullable
    Long identity() {
        byte[] mark = get(MARK);
        return mark == null ? null : ByteBuffer.wrap(mark).getLong();
    }

    Positions positions() {
        Map<TopicPartition, Long> next = new HashMap<>();
        Map<TopicPartition, LastEvent> last = new HashMap<>();
        visit(FIRST_OFFSET, (partition, value) -> next.put(partition, value.getLong()));
        visit(FIRST_LAST_EVENT, (partition, value) -> {
            long offset = value.getLong();
            byte[] key = new byte[value.remaining()];
            value.get(key);
            last.put(partition, new LastEvent(offset, key));
        });
        return new Positions(next, last);
    }

    private void visit(byte[] first, BiConsumer<TopicPartition, ByteBuffer> visitor) {
        byte[] after = {(byte) (first[0] + 1)};
        scan(first, after, Integer.MAX_VALUE, (key, value) -> visitor.accept(partition(key), ByteBuffer.wrap(value)));
    }

    private static byte[] keyOf(byte kind, TopicPartition partition) {
        byte[] topic = partition.topic().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + Integer.BYTES + topic.length)
                .put(kind)
                .putInt(partition.partition())
                .put(topic)
                .array();
    }

    private static TopicPartition partition(byte[] key) {
        ByteBuffer bytes = ByteBuffer.wrap(key, 1, key.length - 1);
        int partition = bytes.getInt();
        return new TopicPartition(StandardCharsets.UTF_8.decode(bytes).toString(), partition);
    }

    private static byte[] keyOf(byte kind, String aggregateId) {
        byte[] id = aggregateId.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + id.length).put(kind).put(id).array();
    }

    private static String aggregateId(byte[] key) {
        return new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
    }

    /** Notes that a state is another one than was last published. */
    static void putChanged(WriteBatch batch, String aggregateId, long version) throws RocksDBException {
        batch.put(keyOf(CHANGED, aggregateId), number(version));
    }

    /** The state of this version is published: nothing has changed since, unless it says another one by now. */
    void removeChanged(WriteBatch batch, String aggregateId, long version) throws RocksDBException {
        byte[] key = keyOf(CHANGED, aggregateId);
        if (Arrays.equals(get(key), number(version))) {
            batch.delete(key);
        }
    }

    /**
     * States that have changed since they were last published, in the order of their aggregates.
     *
     * @param after where to go on; null: from the first one
     * @return at most so many, each with the version that is noted of it
     */
    Map<String, Long> changed(@Nullable String after, int limit) {
        Map<String, Long> changed = new LinkedHashMap<>();
        byte[] from = after == null ? FIRST_CHANGED : StoreKeys.after(keyOf(CHANGED, after));
        scan(
                from,
                AFTER_CHANGED,
                limit,
                (key, value) ->
                        changed.put(aggregateId(key), ByteBuffer.wrap(value).getLong()));
        return changed;
    }

    /** Notes the version that an aggregate is known to have had, whatever the events that are left say. */
    void putKnown(WriteBatch batch, String aggregateId, long version) throws RocksDBException {
        byte[] key = keyOf(KNOWN, aggregateId);
        byte[] before = get(key);
        if (before == null || ByteBuffer.wrap(before).getLong() < version) {
            batch.put(key, number(version));
        }
    }

    /** As {@link #changed}, of {@link #putKnown}. */
    Map<String, Long> known(@Nullable String after, int limit) {
        Map<String, Long> known = new LinkedHashMap<>();
        byte[] from = after == null ? FIRST_KNOWN : StoreKeys.after(keyOf(KNOWN, after));
        scan(
                from,
                AFTER_KNOWN,
                limit,
                (key, value) ->
                        known.put(aggregateId(key), ByteBuffer.wrap(value).getLong()));
        return known;
    }

    void forgetKnown() {
        write(batch -> batch.deleteRange(FIRST_KNOWN, AFTER_KNOWN));
    }

    /**
     * Forgets all states but the versions that their aggregates had, and that any events were taken; the ids of
     * commands stay.
     *
     * @param version of an encoded state
     */
    void beginStates(Iterable<TopicPartition> events, ToLongFunction<byte[]> version) {
        noteVersions(version);
        write(batch -> {
            batch.deleteRange(StoreKeys.firstState(), StoreKeys.afterStates());
            batch.deleteRange(FIRST_CHANGED, AFTER_CHANGED);
            for (TopicPartition each : events) {
                batch.put(keyOf(OFFSET, each), number(0));
                batch.delete(keyOf(LAST_EVENT, each));
            }
            batch.delete(MARK);
        });
    }

    /**
     * The store has what was published of states, or nothing was.
     *
     * @param events where to go on
     */
    void haveStates(long identity, Map<TopicPartition, Long> events) {
        write(batch -> batch.put(MARK, number(identity)), new Positions(events, Map.of()));
    }

    private void noteVersions(ToLongFunction<byte[]> version) {
        byte[] from = StoreKeys.firstState();
        Map<String, Long> page = new LinkedHashMap<>();
        do {
            page.clear();
            scan(
                    from,
                    StoreKeys.afterStates(),
                    PAGE,
                    (key, value) -> page.put(StoreKeys.aggregateId(key), version.applyAsLong(value)));
            write(batch -> {
                for (Map.Entry<String, Long> each : page.entrySet()) {
                    putKnown(batch, each.getKey(), each.getValue());
                }
            });
            for (String id : page.keySet()) {
                from = StoreKeys.after(StoreKeys.state(id));
            }
        } while (page.size() == PAGE);
    }

    /** Changes that take effect together. */
    interface Changes {
        void in(WriteBatch batch) throws RocksDBException;
    }

    /** @param positions up to where the changes go */
    void write(Changes changes, Positions positions) {
        write(batch -> {
            changes.in(batch);
            for (Map.Entry<TopicPartition, Long> each : positions.next().entrySet()) {
                batch.put(keyOf(OFFSET, each.getKey()), number(each.getValue()));
            }
            for (Map.Entry<TopicPartition, LastEvent> each : positions.last().entrySet()) {
                LastEvent last = each.getValue();
                batch.put(
                        keyOf(LAST_EVENT, each.getKey()),
                        ByteBuffer.allocate(Long.BYTES + last.key().length)
                                .putLong(last.offset())
                                .put(last.key())
                                .array());
            }
        });
    }

    void write(Changes changes) {
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
