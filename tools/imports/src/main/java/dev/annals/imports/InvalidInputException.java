package dev.annals.imports;

import dev.annals.operations.OperationFailedException;

/** Input that can't be imported; the message names the file, the line and what was expected. */
final class InvalidInputException extends OperationFailedException {

    private static final long serialVersionUID = 1;

    InvalidInputException(String message) {
        super(message, null);
    }

    InvalidInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
