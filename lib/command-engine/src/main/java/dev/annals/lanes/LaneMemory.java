package dev.annals.lanes;

import dev.annals.engine.avro.BindingException;
import dev.annals.engine.deciding.AggregateStates;
import dev.annals.engine.deciding.CommandFailedException;
import dev.annals.engine.deciding.CommandIds;
import dev.annals.engine.deciding.DedupEntry;
import dev.annals.engine.deciding.StateCodec;
import dev.annals.engine.deciding.StateCodec.Versioned;
import dev.annals.engine.deciding.StoreKeys;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The states and command ids of a lane, as three layers of changes over its {@link LaneStore}: what the open
 * transaction changes, what is committed, and what is on its way to disk. Memory only ever goes back by dropping the
 * open layer; what becomes of a transaction whose commit failed, the log alone says.
 *
 * <p>States are objects, and one that is large is encoded once for each checkpoint, not once for each command. One
 * thread at a time; a {@link Checkpoint} may be written by another.
 */
final class LaneMemory<S extends Record> implements AggregateStates<S>, CommandIds {

    /** A state up to this size is encoded with the command that changes it, which fails where that can't be done. */
    private static final int SMALL_BYTES = 16 << 10;

    /** States that are on disk as they are here. */
    private static final int MAX_CLEAN = 10_000;

    private static final long MAX_CLEAN_BYTES = 32L << 20;

    /** What an entry costs beside its own bytes: objects, tables, references. Roughly. */
    private static final int ENTRY_BYTES = 200;

    private final LaneStore store;
    private final StateCodec<S> codec;

    private Layer<S> open = new Layer<>();
    private Layer<S> committed = new Layer<>();
    private @Nullable Checkpoint writing;
    private long cleanBytes;

    private final Map<String, Kept<S>> clean = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept<S>> eldest) {
            boolean full = size() > MAX_CLEAN || (cleanBytes > MAX_CLEAN_BYTES && size() > 1);
            if (full) {
                cleanBytes -= eldest.getValue().bytes;
            }
            return full;
        }
    };

    /**
     * @param encoded null of one that is too large to be encoded each time
     * @param bytes of its last encoding
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Kept<S>(Versioned<S> state, byte @Nullable [] encoded, int bytes) {}

    /** Changes that belong together. */
    private static final class Layer<S> {
        final Map<String, Kept<S>> states = new HashMap<>();
        final Map<Bytes, byte[]> ids = new HashMap<>();
        final Map<String, Long> published = new HashMap<>();
        long bytes;

        void addAll(Layer<S> newer) {
            states.putAll(newer.states);
            ids.putAll(newer.ids);
            published.putAll(newer.published);
            bytes += newer.bytes;
        }
    }

    /** Committed changes on their way to disk. Made by the lane's thread, written by any. */
    final class Checkpoint {
        private final Layer<S> layer;
        private final Positions positions;
        private final Map<String, Kept<S>> encoded = new HashMap<>();

        private Checkpoint(Layer<S> layer, Positions positions) {
            this.layer = layer;
            this.positions = positions;
        }

        /** How many command ids are in it. */
        int ids() {
            return layer.ids.size();
        }

        /** @throws LaneStoreException if the disk fails */
        void write() {
            layer.states.forEach((id, kept) -> encoded.put(id, kept.encoded == null ? encodeAnyway(kept.state) : kept));
            store.write(
                    batch -> {
                        for (Map.Entry<String, Long> each : layer.published.entrySet()) {
                            store.removeChanged(batch, each.getKey(), each.getValue());
                        }
                        for (Map.Entry<String, Kept<S>> each : encoded.entrySet()) {
                            Kept<S> kept = each.getValue();
                            batch.put(StoreKeys.state(each.getKey()), Objects.requireNonNull(kept.encoded));
                            LaneStore.putChanged(batch, each.getKey(), kept.state.known());
                        }
                        for (Map.Entry<Bytes, byte[]> each : layer.ids.entrySet()) {
                            batch.put(each.getKey().get(), each.getValue());
                        }
                    },
                    positions);
        }
    }

    LaneMemory(LaneStore store, StateCodec<S> codec) {
        this.store = store;
        this.codec = codec;
    }

    @Override
    public Versioned<S> get(String aggregateId) {
        Versioned<S> state = any(aggregateId);
        if (!state.isWhole()) {
            throw new CommandFailedException(
                    "unwritable-state",
                    "the state after %d events could not be stored; mend the decider, and raise its version()"
                            .formatted(state.known()));
        }
        return state;
    }

    @Override
    public long version(String aggregateId) {
        return any(aggregateId).known();
    }

    /** A state in any form: one that is not whole could not be stored, and no command may be decided against it. */
    Versioned<S> any(String aggregateId) {
        Kept<S> kept = kept(aggregateId);
        return kept == null ? codec.none() : kept.state;
    }

    private @Nullable Kept<S> kept(String aggregateId) {
        Kept<S> kept = open.states.get(aggregateId);
        if (kept == null) {
            kept = committed.states.get(aggregateId);
        }
        if (kept == null && writing != null) {
            kept = writing.layer.states.get(aggregateId);
        }
        if (kept == null) {
            kept = clean.get(aggregateId);
        }
        return kept == null ? read(aggregateId) : kept;
    }

    private @Nullable Kept<S> read(String aggregateId) {
        byte[] stored = store.get(StoreKeys.state(aggregateId));
        if (stored == null) {
            return null;
        }
        Kept<S> kept = new Kept<>(codec.decodeAny(stored), null, stored.length);
        keepClean(aggregateId, kept);
        return kept;
    }

    private void keepClean(String aggregateId, Kept<S> kept) {
        cleanBytes += kept.bytes;
        Kept<S> before = clean.put(aggregateId, kept);
        if (before != null) {
            cleanBytes -= before.bytes;
        }
    }

    @Override
    public Runnable change(String aggregateId, Versioned<S> state) {
        Kept<S> before = kept(aggregateId);
        Kept<S> after =
                before != null && before.bytes > SMALL_BYTES ? new Kept<>(state, null, before.bytes) : encode(state);
        return () -> put(open, aggregateId, after);
    }

    /** Takes a state that the log says, in no transaction. */
    void take(String aggregateId, Versioned<S> state) {
        Kept<S> before = kept(aggregateId);
        put(committed, aggregateId, new Kept<>(state, null, before == null ? 0 : before.bytes));
    }

    private void put(Layer<S> layer, String aggregateId, Kept<S> kept) {
        if (layer.states.put(aggregateId, kept) == null) {
            layer.bytes += ENTRY_BYTES + kept.bytes;
        }
    }

    private Kept<S> encode(Versioned<S> state) {
        byte[] encoded;
        try {
            encoded = codec.encode(state);
        } catch (BindingException e) {
            throw new CommandFailedException("unwritable-state", e.getMessage(), e);
        }
        return new Kept<>(state, encoded, encoded.length);
    }

    /** What stands for a state that can't be stored says only how many events its aggregate has. */
    private Kept<S> encodeAnyway(Versioned<S> state) {
        try {
            return encode(state);
        } catch (CommandFailedException e) {
            return encode(new Versioned<>(0, codec.none().state(), state.known()));
        }
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        Bytes wanted = Bytes.wrap(key);
        byte[] value = open.ids.get(wanted);
        if (value == null) {
            value = committed.ids.get(wanted);
        }
        if (value == null && writing != null) {
            value = writing.layer.ids.get(wanted);
        }
        return value == null ? store.get(key) : value;
    }

    @Override
    public void put(byte[] key, byte[] value) {
        putId(open, key, value);
    }

    /** Takes a command id that the log says, in no transaction. */
    void takeId(byte[] key, byte[] value) {
        putId(committed, key, value);
    }

    /** As {@link #takeId} has it, for whoever reads the log. */
    CommandIds fromLog() {
        return new CommandIds() {
            @Override
            public byte @Nullable [] get(byte[] key) {
                return LaneMemory.this.get(key);
            }

            @Override
            public void put(byte[] key, byte[] value) {
                takeId(key, value);
            }
        };
    }

    private void putId(Layer<S> layer, byte[] key, byte[] value) {
        layer.ids.put(Bytes.wrap(key), value);
        layer.bytes += ENTRY_BYTES + key.length + value.length;
    }

    /**
     * What is kept under a command's name, of all aggregates: on disk and since, in no order. Only between
     * transactions.
     *
     * @param limit the most entries
     */
    List<byte[]> find(String name, int limit) {
        byte[] from = StoreKeys.firstOfCommand(name);
        byte[] to = StoreKeys.afterCommand(name);
        Map<Bytes, byte[]> found = new HashMap<>();
        store.scan(from, to, limit, (key, value) -> found.put(Bytes.wrap(key), value));
        Layer<S> onTheWay = writing == null ? committed : writing.layer;
        for (Map<Bytes, byte[]> layer : List.of(onTheWay.ids, committed.ids)) {
            layer.forEach((key, value) -> {
                if (Arrays.compareUnsigned(key.get(), from) >= 0 && Arrays.compareUnsigned(key.get(), to) < 0) {
                    found.put(key, value);
                }
            });
        }
        return found.values().stream().limit(limit).toList();
    }

    /**
     * The open transaction is committed.
     *
     * @param time by the brokers' clock: the retention of its command ids begins then, as it will where they are read
     *     from the log
     */
    void commit(long time) {
        open.ids.values().forEach(entry -> DedupEntry.stamp(entry, time));
        committed.addAll(open);
        open = new Layer<>();
    }

    /** The open transaction never was. */
    void rollback() {
        open = new Layer<>();
    }

    /** These versions of states are published, which the next checkpoint notes. */
    void published(Map<String, Long> versions) {
        committed.published.putAll(versions);
        committed.bytes += (long) ENTRY_BYTES * versions.size();
    }

    /** Roughly what is committed and not on its way to disk, in bytes. */
    long unwritten() {
        return committed.bytes;
    }

    /** Begins to write what is committed; {@link #written} ends it. */
    Checkpoint checkpoint(Positions positions) {
        Checkpoint checkpoint = new Checkpoint(committed, positions.copy());
        committed = new Layer<>();
        writing = checkpoint;
        return checkpoint;
    }

    /** The checkpoint is on disk. */
    void written() {
        Checkpoint done = Objects.requireNonNull(writing, "nothing is being written");
        writing = null;
        done.encoded.forEach((id, kept) -> keepClean(id, new Kept<>(kept.state, null, kept.bytes)));
    }

    /** The checkpoint could not be written: what it has is to be written again, under what came since. */
    void notWritten() {
        Layer<S> again = Objects.requireNonNull(writing, "nothing is being written").layer;
        writing = null;
        again.addAll(committed);
        committed = again;
    }
}
