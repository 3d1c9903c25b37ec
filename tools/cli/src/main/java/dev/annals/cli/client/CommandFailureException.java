package dev.annals.cli.client;

import org.jspecify.annotations.Nullable;

/** What a person can put right: its message is one line that says what is wrong and what to do; exit code 1. */
public class CommandFailureException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public CommandFailureException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
