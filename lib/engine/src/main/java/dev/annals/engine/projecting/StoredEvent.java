package dev.annals.engine.projecting;

import dev.annals.api.RecordedEvent;
import dev.annals.api.Summary;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of an event topic.
 *
 * @param events what it means today: one event mostly, several or none where upcasters say so
 */
record StoredEvent<E>(String aggregateId, long version, Instant time, List<E> events) {

    /** A view's fold, from value to value. */
    @FunctionalInterface
    interface Step<E, V> {
        @Nullable
        V apply(@Nullable V value, RecordedEvent<E> event);
    }

    /** The value after all of the events, in their order. A summary begins it anew. */
    <V> @Nullable V fold(@Nullable V before, Step<E, V> step) {
        V value = before;
        for (E event : events) {
            V from = event instanceof Summary ? null : value;
            value = step.apply(from, new RecordedEvent<>(aggregateId, version, time, event));
        }
        return value;
    }
}
