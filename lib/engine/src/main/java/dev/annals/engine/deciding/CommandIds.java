package dev.annals.engine.deciding;

import org.jspecify.annotations.Nullable;

/**
 * The ids of decided commands with what is kept under them, as bytes: changes take effect together with the events and
 * the result of the command, or not at all. One thread at a time.
 */
public interface CommandIds {

    byte @Nullable [] get(byte[] key);

    void put(byte[] key, byte[] value);
}
