package dev.annals.engine.deciding;

import org.jspecify.annotations.Nullable;

/** A command can't be read or handled, whoever asks again: it belongs into the dead letters. */
public final class CommandFailedException extends RuntimeException {

    /** The reason where the domain's code threw; the cause is what it threw. */
    public static final String HANDLER_FAILED = "handler-failed";

    private static final int MAX_MESSAGE_LENGTH = 2_000;

    private final String reason;

    /**
     * For the dead letter's headers and the result.
     *
     * @param reason in kebab case, for machines
     */
    public CommandFailedException(String reason, String message) {
        this(reason, message, null);
    }

    public CommandFailedException(String reason, @Nullable String message, @Nullable Throwable cause) {
        super(shortened(message), cause);
        this.reason = reason;
    }

    /** A message may quote what was received, and it must fit into a header and a result. */
    private static @Nullable String shortened(@Nullable String message) {
        return message == null || message.length() <= MAX_MESSAGE_LENGTH
                ? message
                : message.substring(0, MAX_MESSAGE_LENGTH) + "…";
    }

    public String reason() {
        return reason;
    }
}
