package dev.annals.engine.deciding;

import java.time.Duration;

/**
 * How commands are decided, and within which limits.
 *
 * @param retention how long a command id is remembered, in the time of the command records
 * @param maxEvents the most events that one command may decide
 * @param maxRecordBytes the largest event, in bytes as it is written; below the broker's {@code message.max.bytes}
 * @param trust whether who asks is believed
 */
public record DecidingConfig(Duration retention, int maxEvents, int maxRecordBytes, ActorTrust trust) {

    public static final String RETENTION_KEY = "annals.command.id.retention";
    public static final String MAX_EVENTS_KEY = "annals.command.max.events";
    public static final String MAX_RECORD_BYTES_KEY = "annals.command.max.record.bytes";

    public static final DecidingConfig DEFAULT = new DecidingConfig(Duration.ofHours(24), 1_000, 900_000);

    public DecidingConfig {
        require(RETENTION_KEY, !retention.isNegative() && !retention.isZero(), "a duration above 0", retention);
        require(MAX_EVENTS_KEY, maxEvents >= 1, "1 or more", maxEvents);
        require(MAX_RECORD_BYTES_KEY, maxRecordBytes >= 1_000, "1000 or more", maxRecordBytes);
    }

    /** Nobody is asked who they are. */
    public DecidingConfig(Duration retention, int maxEvents, int maxRecordBytes) {
        this(retention, maxEvents, maxRecordBytes, ActorTrust.UNVERIFIED);
    }

    private static void require(String key, boolean holds, String expected, Object actual) {
        if (!holds) {
            throw new IllegalArgumentException("%s: expected %s, got %s".formatted(key, expected, actual));
        }
    }
}
