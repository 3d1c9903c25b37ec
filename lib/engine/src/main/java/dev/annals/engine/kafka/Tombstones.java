package dev.annals.engine.kafka;

import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Records of event topics without a value. */
public final class Tombstones {

    private Tombstones() {}

    /**
     * Whether a record says that an event has left by its age. Folds pass over it, also where they have not met the
     * event: a summary came before it, or, where that has left in its turn, one comes after it.
     */
    public static boolean isExpired(byte @Nullable [] value, Headers headers) {
        return value == null && HeaderName.EXPIRED.in(headers) != null;
    }
}
