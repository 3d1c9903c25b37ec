package dev.annals.engine.deciding;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The deduplication window: the commands decided within the retention, by id, with their results; and, for lookups
 * alone, the results of those that failed.
 *
 * <p>An entry older than the retention counts as absent from then on, whether or not {@link #evict} has removed it yet,
 * so what is decided does not depend on when evictions run.
 *
 * <p>Expired entries are found by a sweep that goes round through all entries, a few at a time. An index by time would
 * find them at once, but costs each command one more record in the store and in its changelog.
 */
final class DedupWindow {

    /** Puts between two steps of the sweep. */
    private static final int STEP = 500;

    /**
     * Entries looked at for each put: above 1, so that the sweep gets round; at 3, a third of the entries may be
     * expired.
     */
    private static final int VISITS_PER_PUT = 3;

    private final CommandStore store;
    private final long retentionMs;
    private int putsSinceStep;

    /** Where the sweep goes on; null: with a new round. */
    private byte @Nullable [] next;

    /** No entry arrived before this; unknown until the sweep has been round once. */
    private long oldest = Long.MIN_VALUE;

    /** The same, of the entries that this round has seen. */
    private long oldestOfRound = Long.MAX_VALUE;

    DedupWindow(CommandStore store, long retentionMs) {
        this.store = store;
        this.retentionMs = retentionMs;
    }

    /** How an id was decided; null if it was not, or failed: then it is free. */
    @Nullable
    DedupEntry get(String commandId, String aggregateId, long now) {
        byte[] stored = store.get(StoreKeys.command(commandId, aggregateId));
        return stored == null || DedupEntry.isFailed(stored) || isExpired(DedupEntry.arrival(stored), now)
                ? null
                : DedupEntry.decode(stored);
    }

    private boolean isExpired(long arrived, long now) {
        return arrived < now - retentionMs;
    }

    /** Keeps an entry, and from time to time removes expired ones, so that the store stays bounded under load. */
    void put(String commandId, String aggregateId, DedupEntry entry, long now) {
        store.put(StoreKeys.command(commandId, aggregateId), entry.encode());
        if (++putsSinceStep == STEP) {
            putsSinceStep = 0;
            evict(now, STEP * VISITS_PER_PUT);
        }
    }

    /** Keeps that a command failed, unless its id was decided before: that is what a repeat of it gets. */
    void putFailed(String commandId, String aggregateId, DedupEntry failed, long now) {
        if (get(commandId, aggregateId, now) == null) {
            put(commandId, aggregateId, failed, now);
        }
    }

    /**
     * Removes expired entries among the next ones of the sweep; does nothing while none can have expired.
     *
     * @param now the newest arrival seen, milliseconds since the epoch
     * @param limit the most entries to look at
     * @return how many were removed
     */
    int evict(long now, int limit) {
        if (!isExpired(oldest, now)) {
            return 0;
        }
        byte[] from = next;
        if (from == null) {
            from = StoreKeys.FIRST_COMMAND;
            oldestOfRound = now; // what is put behind the sweep arrives later
        }
        List<byte[]> visited = new ArrayList<>();
        List<byte[]> expired = new ArrayList<>();
        store.scan(from, StoreKeys.AFTER_COMMANDS, limit, (key, value) -> {
            visited.add(key);
            long arrived = DedupEntry.arrival(value);
            if (isExpired(arrived, now)) {
                expired.add(key);
            } else {
                oldestOfRound = Math.min(oldestOfRound, arrived);
            }
        });
        expired.forEach(store::delete);
        if (visited.size() < limit) {
            oldest = oldestOfRound;
            next = null;
        } else {
            next = StoreKeys.after(visited.getLast());
        }
        return expired.size();
    }
}
