package dev.annals.engine.deciding;

import dev.annals.engine.deciding.StateCodec.Versioned;
import java.util.LinkedHashMap;
import java.util.Map;

/** The states of the aggregates of one task, in the store, with the last used ones also as objects. */
final class AggregateStates<S extends Record> {

    /** States kept as objects; the others are read from the store. */
    private static final int MAX_CACHED = 10_000;

    private final CommandStore store;
    private final StateCodec<S> codec;
    private final Map<String, Versioned<S>> cache = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Versioned<S>> eldest) {
            return size() > MAX_CACHED;
        }
    };

    AggregateStates(StateCodec<S> codec, CommandStore store) {
        this.store = store;
        this.codec = codec;
    }

    Versioned<S> get(String aggregateId) {
        Versioned<S> cached = cache.get(aggregateId);
        if (cached != null) {
            return cached;
        }
        byte[] stored = store.get(StoreKeys.state(aggregateId));
        return stored == null ? codec.none() : codec.decode(stored);
    }

    void put(String aggregateId, Versioned<S> value, byte[] encoded) {
        store.put(StoreKeys.state(aggregateId), encoded);
        cache.put(aggregateId, value);
    }
}
