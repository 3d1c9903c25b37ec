package dev.annals.service.kafka;

import org.jspecify.annotations.Nullable;

/**
 * What stops an application until a person does something, and whether it still does. Asked and told by Streams'
 * threads and probes: thread-safe, and neither method may wait.
 */
public interface Stops {

    /** Nothing does: every failure may pass. */
    Stops NONE = new Stops() {};

    /**
     * Takes note of a failure if it stops the application.
     *
     * @param failure as it was thrown; the cause may be deeper
     */
    default boolean take(Throwable failure) {
        return false;
    }

    /** Where and why the application has stopped; null if it has not, or what it stopped at has passed. */
    default @Nullable String reason() {
        return null;
    }
}
