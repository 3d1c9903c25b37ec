package dev.annals.serde;

import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** A value doesn't fit its schema, or has none. The same value would fail again. */
public final class UnwritableValueException extends SerializationException {

    UnwritableValueException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
