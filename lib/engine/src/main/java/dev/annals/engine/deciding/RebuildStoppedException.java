package dev.annals.engine.deciding;

import org.jspecify.annotations.Nullable;

/** States can't be folded past a place in the events until a person does something; the message says where and what. */
final class RebuildStoppedException extends RuntimeException {

    RebuildStoppedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
