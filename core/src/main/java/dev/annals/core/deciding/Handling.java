package dev.annals.core.deciding;

import java.util.List;

/**
 * What handling a command came to: what to publish, and what to store with it.
 *
 * @param events to append, in order
 * @param result to publish
 * @param commit makes the store reflect it; call it once, after everything has been encoded, in the transaction that publishes
 */
record Handling<E>(List<E> events, CommandResult result, Runnable commit) {

    /** Nothing is appended and nothing is stored. */
    static <E> Handling<E> of(CommandResult result) {
        return new Handling<>(List.of(), result, () -> {});
    }

    /** The version of the aggregate before its first new event. */
    long baseVersion() {
        return result.version() - events.size();
    }
}
