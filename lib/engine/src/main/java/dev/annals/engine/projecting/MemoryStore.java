package dev.annals.engine.projecting;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** A store in memory, which knows about how much of it it takes. For one thread. */
final class MemoryStore implements FoldContext.Store {

    /** Of an entry in the map, beside what is in the two arrays. */
    private static final int ENTRY_BYTES = 120;

    private final Map<Bytes, byte[]> entries = new HashMap<>();
    private long bytes;

    @Override
    public byte @Nullable [] get(byte[] key) {
        return entries.get(Bytes.wrap(key));
    }

    /** A value of the same length goes into the array of the one before: the garbage collector need not look at old arrays again. */
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
