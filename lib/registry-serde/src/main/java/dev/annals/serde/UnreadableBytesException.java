package dev.annals.serde;

import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes are not a record in the Confluent wire format, or not one of the schema whose id they carry. The same bytes
 * would fail again.
 */
public final class UnreadableBytesException extends SerializationException {

    UnreadableBytesException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
