package dev.annals.engine.deciding;

import java.util.function.BiConsumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A {@link CommandStore} on the store of a Streams task. */
final class StreamsCommandStore implements CommandStore {

    private final KeyValueStore<byte[], byte[]> store;

    StreamsCommandStore(KeyValueStore<byte[], byte[]> store) {
        this.store = store;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return store.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        store.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
        store.delete(key);
    }

    @Override
    public void scan(byte[] from, byte[] to, int limit, BiConsumer<byte[], byte[]> visitor) {
        try (KeyValueIterator<byte[], byte[]> entries = store.range(from, to)) {
            for (int visited = 0; visited < limit && entries.hasNext(); visited++) {
                KeyValue<byte[], byte[]> entry = entries.next();
                visitor.accept(entry.key, entry.value);
            }
        }
    }
}
