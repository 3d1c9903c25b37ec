package dev.annals.imports;

import dev.annals.operations.OperationFailedException;

/** An import that stops before its end; the message says why, and what to do. */
final class ImportFailedException extends OperationFailedException {

    private static final long serialVersionUID = 1;

    /** Of every message of an import that had begun to send. */
    static final String SAFE = "Running the import again is safe: what took effect is not repeated.";

    ImportFailedException(String message) {
        super(message, null);
    }

    ImportFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
