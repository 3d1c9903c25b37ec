package dev.annals.engine.reacting;

import org.jspecify.annotations.Nullable;

/** An instance can't go on with an input, however often it is tried: it is parked with it. */
final class ParkedException extends RuntimeException {

    private static final int MAX_MESSAGE_LENGTH = 2_000;

    ParkedException(String reason, @Nullable Throwable cause) {
        super(reason.length() <= MAX_MESSAGE_LENGTH ? reason : reason.substring(0, MAX_MESSAGE_LENGTH) + "…", cause);
    }

    ParkedException(String reason) {
        this(reason, null);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
