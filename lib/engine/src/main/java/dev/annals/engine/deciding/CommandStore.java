package dev.annals.engine.deciding;

import java.util.function.BiConsumer;

/** An ordered store of bytes that holds all that a host keeps: states, the ids of commands, and notes about both. */
interface CommandStore extends CommandIds {

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
