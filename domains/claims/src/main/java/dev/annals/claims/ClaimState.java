package dev.annals.claims;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who has a value. Each event says all of it, so its size does not grow with them.
 *
 * @param owner null while nobody has it
 * @param confirmed whether the owner has confirmed, and the claim expires no more
 * @param expiresAt from when on somebody else may take it; null: never
 */
public record ClaimState(
        @Nullable String owner, boolean confirmed, @Nullable Instant expiresAt) {

    static final ClaimState FREE = new ClaimState(null, false, null);

    /** An expired claim remains its owner's until somebody takes it. */
    boolean hasExpired(Instant time) {
        return expiresAt != null && !time.isBefore(expiresAt);
    }
}
