package dev.annals.engine.deciding;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A command store in memory, in the order of unsigned bytes. */
final class MapCommandStore implements CommandStore {

    final NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    int scans;

    @Override
    public byte @Nullable [] get(byte[] key) {
        return entries.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        entries.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
        entries.remove(key);
    }

    @Override
    public void scan(byte[] from, byte[] to, int limit, BiConsumer<byte[], byte[]> visitor) {
        scans++;
        entries.subMap(from, true, to, true).entrySet().stream()
                .limit(limit)
                .forEach(entry -> visitor.accept(entry.getKey(), entry.getValue()));
    }
}
