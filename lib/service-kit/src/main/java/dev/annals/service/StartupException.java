package dev.annals.service;

import org.jspecify.annotations.Nullable;

/**
 * The service can't start until a person changes something; the message says what, in one line and without a stack
 * trace.
 */
public class StartupException extends RuntimeException {

    public StartupException(String message) {
        super(message);
    }

    public StartupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
