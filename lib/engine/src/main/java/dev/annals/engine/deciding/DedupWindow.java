package dev.annals.engine.deciding;

import org.jspecify.annotations.Nullable;

/**
 * The deduplication window: the commands decided within the retention, by name, with their results; and, for lookups
 * alone, the results of those that failed.
 *
 * <p>An entry older than the retention counts as absent from then on, whether or not it was removed yet, so what is
 * decided does not depend on when that happens.
 */
final class DedupWindow {

    private final CommandIds store;
    private final long retentionMs;

    DedupWindow(CommandIds store, long retentionMs) {
        this.store = store;
        this.retentionMs = retentionMs;
    }

    /**
     * How an id was decided; null if it was not, or failed: then it is free.
     *
     * @param name of the command, see {@link ActorTrust#nameOf}
     */
    @Nullable
    DedupEntry get(String name, String aggregateId, long now) {
        byte[] stored = store.get(StoreKeys.command(name, aggregateId));
        return stored == null || DedupEntry.isFailed(stored) || isExpired(DedupEntry.arrival(stored), now)
                ? null
                : DedupEntry.decode(stored);
    }

    private boolean isExpired(long arrived, long now) {
        return arrived < now - retentionMs;
    }

    void put(String name, String aggregateId, DedupEntry entry) {
        store.put(StoreKeys.command(name, aggregateId), entry.encode());
    }

    /** Keeps that a command failed, unless its id was decided before: that is what a repeat of it gets. */
    void putFailed(String name, String aggregateId, DedupEntry failed, long now) {
        if (get(name, aggregateId, now) == null) {
            put(name, aggregateId, failed);
        }
    }
}
