package dev.annals.engine.deciding;

import java.util.List;

/**
 * What handling a command came to: what to publish, and what to store with it.
 *
 * @param events to append, in order
 * @param result to publish
 * @param encodedResult its bytes, see {@link ResultCodec}
 * @param commit makes the store reflect it; call it once, after everything has been encoded, in the transaction that publishes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Handling<E>(List<E> events, CommandResult result, byte[] encodedResult, Runnable commit) {

    /** The version of the aggregate before its first new event. */
    long baseVersion() {
        return result.version() - events.size();
    }
}
