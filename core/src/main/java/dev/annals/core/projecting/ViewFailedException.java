package dev.annals.core.projecting;

import org.jspecify.annotations.Nullable;

/**
 * A view can't go on, and trying again would not help: an event can't be read, one is missing, or the view's own code threw.
 * The message names the view, the event's place in its topic, and what to do.
 */
public final class ViewFailedException extends RuntimeException {

    ViewFailedException(String message) {
        super(message);
    }

    ViewFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
