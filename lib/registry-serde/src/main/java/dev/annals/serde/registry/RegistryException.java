package dev.annals.serde.registry;

import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * A schema could not be had from the registry. The two kinds tell a caller what to do: wait and try again
 * ({@link RegistryUnavailableException}), or give the record up ({@link RegistryRefusalException}).
 */
public abstract sealed class RegistryException extends SerializationException
        permits RegistryUnavailableException, RegistryRefusalException {

    RegistryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
