package dev.annals.operations;

import org.jspecify.annotations.Nullable;

/** An operation that a person can put right: the message is one line that says what is wrong and what to do. */
public class OperationFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public OperationFailedException(String message) {
        super(message);
    }

    public OperationFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
