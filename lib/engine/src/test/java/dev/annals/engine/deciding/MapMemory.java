package dev.annals.engine.deciding;

import dev.annals.api.AggregateType;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.deciding.StateCodec.Versioned;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** States and command ids in maps. As in a store, states are bytes: one that can't be encoded fails its command. */
final class MapMemory<S extends Record> implements AggregateStates<S>, CommandIds {

    final Map<String, byte[]> states = new HashMap<>();
    final NavigableMap<byte[], byte[]> ids = new TreeMap<>(Arrays::compareUnsigned);
    private final StateCodec<S> codec;

    MapMemory(AggregateType<?, S, ?> type) {
        this.codec = new StateCodec<>(type.state(), type.decider());
    }

    @Override
    public Versioned<S> get(String aggregateId) {
        byte[] stored = states.get(aggregateId);
        try {
            return stored == null ? codec.none() : codec.decode(stored);
        } catch (BindingException e) {
            throw new CommandFailedException("unwritable-state", e.getMessage(), e);
        }
    }

    @Override
    public long version(String aggregateId) {
        byte[] stored = states.get(aggregateId);
        return stored == null ? 0 : StateCodec.known(stored);
    }

    /** As after an event whose state could not be stored: it has one event less than its aggregate. */
    void spoil(String aggregateId) {
        Versioned<S> state = get(aggregateId);
        states.put(aggregateId, codec.encode(new Versioned<>(state.version(), state.state(), state.version() + 1)));
    }

    @Override
    public Runnable change(String aggregateId, Versioned<S> state) {
        byte[] encoded;
        try {
            encoded = codec.encode(state);
        } catch (BindingException e) {
            throw new CommandFailedException("unwritable-state", e.getMessage(), e);
        }
        return () -> states.put(aggregateId, encoded);
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return ids.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        ids.put(key, value);
    }

    /** What is kept under a command id, in the order of the aggregates' ids. */
    Collection<byte[]> find(String commandId) {
        return ids.subMap(StoreKeys.firstOfCommand(commandId), true, StoreKeys.afterCommand(commandId), false)
                .values();
    }
}
