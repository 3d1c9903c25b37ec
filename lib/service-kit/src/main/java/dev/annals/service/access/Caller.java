package dev.annals.service.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and may.
 *
 * @param principal null for somebody without a token
 */
public record Caller(@Nullable Principal principal) {

    /** Somebody without a token. */
    public static final Caller ANYBODY = new Caller(null);

    /** When what goes on for them must end; null where it need not. */
    public @Nullable Instant until() {
        return principal == null ? null : principal.expires();
    }
}
