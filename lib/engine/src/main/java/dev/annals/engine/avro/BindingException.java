package dev.annals.engine.avro;

import org.jspecify.annotations.Nullable;

/** A record and an Avro schema, or a value and its field, don't fit; the message names the field. */
public final class BindingException extends RuntimeException {

    public BindingException(String message) {
        super(message);
    }

    public BindingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
