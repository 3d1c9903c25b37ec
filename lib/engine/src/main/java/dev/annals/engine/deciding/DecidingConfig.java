package dev.annals.engine.deciding;

import java.time.Duration;

/**
 * Limits of deciding.
 *
 * @param retention how long a command id is remembered, in the time of the command records
 * @param maxEvents the most events that one command may decide
 * @param maxRecordBytes the largest event or state, in bytes as it is written; below the broker's
 *     {@code message.max.bytes}
 * @param storeType where states and command ids are held, beside their changelog
 */
public record DecidingConfig(Duration retention, int maxEvents, int maxRecordBytes, StoreType storeType) {

    public static final String RETENTION_KEY = "annals.command.id.retention";
    public static final String MAX_EVENTS_KEY = "annals.command.max.events";
    public static final String MAX_RECORD_BYTES_KEY = "annals.command.max.record.bytes";
    public static final String STORE_KEY = "annals.command.store";

    public enum StoreType {
        /** On disk, with bounded memory. */
        ROCKSDB,
        /** On the heap: faster, and as large as all states and command ids together. */
        MEMORY
    }

    public static final DecidingConfig DEFAULT =
            new DecidingConfig(Duration.ofHours(24), 1_000, 900_000, StoreType.ROCKSDB);

    public DecidingConfig {
        require(RETENTION_KEY, !retention.isNegative() && !retention.isZero(), "a duration above 0", retention);
        require(MAX_EVENTS_KEY, maxEvents >= 1, "1 or more", maxEvents);
        require(MAX_RECORD_BYTES_KEY, maxRecordBytes >= 1_000, "1000 or more", maxRecordBytes);
    }

    private static void require(String key, boolean holds, String expected, Object actual) {
        if (!holds) {
            throw new IllegalArgumentException("%s: expected %s, got %s".formatted(key, expected, actual));
        }
    }
}
