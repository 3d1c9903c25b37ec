package dev.annals.serde.registry;

import org.jspecify.annotations.Nullable;

/**
 * No registry gave an answer about the schema: away, overloaded, too slow, failing (5xx), not letting us in (401, 403),
 * or not a registry at all. It says nothing about the record, so the same call can succeed later: wait, don't
 * dead-letter. Thrown only after the bounded retries on every configured URL.
 */
public final class RegistryUnavailableException extends RegistryException {

    public RegistryUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
