package dev.annals.query.table;

import org.jspecify.annotations.Nullable;

/**
 * A partition can't be read here and now: it is moving, restoring, catching up or lives elsewhere. Trying again may
 * help.
 */
public final class TableUnavailableException extends RuntimeException {

    public TableUnavailableException(String message) {
        this(message, null);
    }

    public TableUnavailableException(String message, @Nullable Throwable cause) {
        // Ordinary while partitions move, and thrown for each request then: not worth a stack trace.
        super(message, cause, false, false);
    }
}
