package dev.annals.core.deciding;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The commands decided within the retention, by id, with their results.
 *
 * <p>An entry older than the retention counts as absent from then on, whether or not {@link #evict} has removed it yet, so
 * what is decided does not depend on when evictions run.
 */
final class DecidedCommands {

    private static final byte[] EMPTY = new byte[0];

    private final CommandStore store;
    private final long retentionMs;
    private final DecidedCodec codec = new DecidedCodec();

    DecidedCommands(CommandStore store, long retentionMs) {
        this.store = store;
        this.retentionMs = retentionMs;
    }

    @Nullable
    Decided get(String commandId, String aggregateId, long now) {
        byte[] stored = store.get(StoreKeys.command(commandId, aggregateId));
        if (stored == null) {
            return null;
        }
        Decided decided = codec.decode(stored);
        return decided.arrived() < now - retentionMs ? null : decided;
    }

    byte[] encode(Decided decided) {
        return codec.encode(decided);
    }

    void put(String commandId, String aggregateId, long arrived, byte[] encoded) {
        byte[] key = StoreKeys.command(commandId, aggregateId);
        byte[] replaced = store.get(key);
        if (replaced != null) {
            store.delete(StoreKeys.expiry(codec.decode(replaced).arrived(), key));
        }
        store.put(key, encoded);
        store.put(StoreKeys.expiry(arrived, key), EMPTY);
    }

    /**
     * Removes entries whose retention has passed, the oldest first.
     *
     * @param now the newest arrival seen, milliseconds since the epoch
     * @param limit the most entries to remove in one call
     * @return how many were removed
     */
    int evict(long now, int limit) {
        List<byte[]> expired = new ArrayList<>();
        store.scan(
                StoreKeys.expiryBefore(0),
                StoreKeys.expiryBefore(now - retentionMs),
                limit,
                (key, value) -> expired.add(key));
        for (byte[] key : expired) {
            store.delete(StoreKeys.commandOf(key));
            store.delete(key);
        }
        return expired.size();
    }
}
