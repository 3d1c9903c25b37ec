package dev.annals.service.access;

import org.jspecify.annotations.Nullable;

/**
 * Who asks, and may.
 *
 * @param principal null for somebody without a token
 */
public record Caller(@Nullable Principal principal) {

    /** Somebody without a token. */
    public static final Caller ANYBODY = new Caller(null);
}
