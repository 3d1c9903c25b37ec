package dev.annals.engine.deciding;

import dev.annals.engine.avro.BindingException;
import dev.annals.engine.deciding.StateCodec.Versioned;
import java.util.LinkedHashMap;
import java.util.Map;

/** States in a store of bytes: each is encoded with the command that changes it, and the last used are kept decoded. */
final class EncodedStates<S extends Record> implements AggregateStates<S> {

    private static final int MAX_CACHED_STATES = 10_000;

    private final CommandStore store;
    private final StateCodec<S> codec;
    private final int maxBytes;

    /** The last used states; the others are read from the store. */
    private final Map<String, Versioned<S>> states = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Versioned<S>> eldest) {
            return size() > MAX_CACHED_STATES;
        }
    };

    /** @param maxBytes the largest state that may be stored */
    EncodedStates(CommandStore store, StateCodec<S> codec, int maxBytes) {
        this.store = store;
        this.codec = codec;
        this.maxBytes = maxBytes;
    }

    @Override
    public Versioned<S> get(String aggregateId) {
        Versioned<S> cached = states.get(aggregateId);
        if (cached != null) {
            return cached;
        }
        byte[] stored = store.get(StoreKeys.state(aggregateId));
        return stored == null ? codec.none() : codec.decode(stored);
    }

    @Override
    public Runnable change(String aggregateId, Versioned<S> state) {
        byte[] encoded = encode(state);
        return () -> {
            store.put(StoreKeys.state(aggregateId), encoded);
            states.put(aggregateId, state);
        };
    }

    private byte[] encode(Versioned<S> state) {
        byte[] encoded;
        try {
            encoded = codec.encode(state);
        } catch (BindingException e) {
            throw new CommandFailedException("unwritable-state", e.getMessage(), e);
        }
        if (encoded.length > maxBytes) {
            throw new CommandFailedException(
                    "too-large",
                    "the state would have %d bytes, at most %d are allowed".formatted(encoded.length, maxBytes));
        }
        return encoded;
    }
}
