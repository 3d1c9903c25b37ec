package dev.annals.core.deciding;

import org.jspecify.annotations.Nullable;

/** A command can't be read or handled, whoever asks again: it belongs into the dead letters. */
final class CommandFailedException extends RuntimeException {

    private final String reason;

    /**
     * For the dead letter's headers and the result.
     *
     * @param reason in kebab case, for machines
     */
    CommandFailedException(String reason, String message) {
        this(reason, message, null);
    }

    CommandFailedException(String reason, @Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
