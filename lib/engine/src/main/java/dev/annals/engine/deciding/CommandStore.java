package dev.annals.engine.deciding;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the handler needs of its host: an ordered store of bytes whose changes take effect together with the events and
 * the result of the command, or not at all.
 */
public interface CommandStore {

    byte @Nullable [] get(byte[] key);

    void put(byte[] key, byte[] value);

    void delete(byte[] key);

    /**
     * Visits entries in unsigned byte order.
     *
     * @param from inclusive
     * @param to inclusive
     * @param limit the most entries to visit
     */
    void scan(byte[] from, byte[] to, int limit, BiConsumer<byte[], byte[]> visitor);
}
