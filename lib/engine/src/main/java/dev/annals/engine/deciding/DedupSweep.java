package dev.annals.engine.deciding;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes expired entries of a {@link DedupWindow}: a sweep that goes round through all entries, a few at a time. An
 * index by time would find them at once, but costs each command one more record in the store and in its changelog.
 */
final class DedupSweep {

    /** Commands between two steps of the sweep. */
    private static final int STEP = 500;

    /**
     * Entries looked at for each command: above 1, so that the sweep gets round; at 3, a third of the entries may be
     * expired.
     */
    private static final int VISITS_PER_COMMAND = 3;

    private final CommandStore store;
    private final long retentionMs;
    private int sinceStep;

    /** Where the sweep goes on; null: with a new round. */
    private byte @Nullable [] next;

    /** No entry arrived before this; unknown until the sweep has been round once. */
    private long oldest = Long.MIN_VALUE;

    /** The same, of the entries that this round has seen. */
    private long oldestOfRound = Long.MAX_VALUE;

    DedupSweep(CommandStore store, long retentionMs) {
        this.store = store;
        this.retentionMs = retentionMs;
    }

    /** Counts a command, and from time to time takes a step, so that the store stays bounded under load. */
    void decided(long now) {
        if (++sinceStep == STEP) {
            sinceStep = 0;
            int unused = evict(now, STEP * VISITS_PER_COMMAND);
        }
    }

    private boolean isExpired(long arrived, long now) {
        return arrived < now - retentionMs;
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
