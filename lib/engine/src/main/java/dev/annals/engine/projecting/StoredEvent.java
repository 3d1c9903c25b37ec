package dev.annals.engine.projecting;

import dev.annals.api.RecordedEvent;
import dev.annals.api.Summary;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One record of an event topic.
 *
 * @param events what it means today: one event mostly, several or none where upcasters say so
 */
record StoredEvent<E>(String aggregateId, long version, Instant time, List<E> events) {

    /** The value after all of the events, in their order. A summary begins it anew. */
    <V> @Nullable V fold(@Nullable V before, BiFunction<@Nullable V, RecordedEvent<E>, @Nullable V> step) {
        V value = before;
        for (E event : events) {
            V from = event instanceof Summary ? null : value;
            value = step.apply(from, new RecordedEvent<>(aggregateId, version, time, event));
        }
        return value;
    }
}
