package dev.annals.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What stored records mean today: events as they are, old shapes as their upcasters have it, step by step.
 *
 * <p>That every chain ends in events is checked when this is made. Immutable and thread-safe.
 *
 * @param <E> the events, a sealed interface of records
 */
final class Upcasting<E> {

    /** Steps from the oldest shape to an event. */
    static final int MAX_STEPS = 16;

    /** What one stored record may become. */
    static final int MAX_EVENTS = 1_000;

    private final Class<E> events;
    private final Map<Class<?>, Upcaster<?, ?>> upcasters = new HashMap<>();

    /** @throws IllegalArgumentException if a chain does not end in events; the message names its steps */
    Upcasting(Class<E> events, List<Upcaster<?, ?>> upcasters) {
        this.events = events;
        upcasters.forEach(this::add);
        upcasters.forEach(this::requireEnd);
    }

    private void add(Upcaster<?, ?> upcaster) {
        Class<?> from = upcaster.from();
        if (events.isAssignableFrom(from)) {
            throw new IllegalArgumentException(
                    "upcaster from %s: it is an event of today; take it out of %s, as nothing may write it any more"
                            .formatted(from.getSimpleName(), events.getSimpleName()));
        }
        if (upcasters.putIfAbsent(from, upcaster) != null) {
            throw new IllegalArgumentException(
                    "two upcasters from %s: only one can say what becomes of it".formatted(from.getSimpleName()));
        }
    }

    private void requireEnd(Upcaster<?, ?> first) {
        Set<Class<?>> chain = new LinkedHashSet<>();
        for (Upcaster<?, ?> step = first; step != null; step = next(step)) {
            if (!chain.add(step.from())) {
                throw new IllegalArgumentException("upcasters go in a circle: " + path(chain) + " → "
                        + step.from().getSimpleName());
            }
        }
        if (chain.size() > MAX_STEPS) {
            throw new IllegalArgumentException("upcasters: %s has more than %d steps; have the first lead further"
                    .formatted(path(chain), MAX_STEPS));
        }
    }

    private @Nullable Upcaster<?, ?> next(Upcaster<?, ?> step) {
        Class<?> to = step.to();
        if (to == null || events.isAssignableFrom(to)) {
            return null;
        }
        Upcaster<?, ?> next = upcasters.get(to);
        if (next == null) {
            throw new IllegalArgumentException(
                    "upcaster from %s to %s: that is neither an event of %s nor an old shape with an upcaster"
                            .formatted(step.from().getSimpleName(), to.getSimpleName(), events.getSimpleName()));
        }
        return next;
    }

    private static String path(Collection<Class<?>> chain) {
        return chain.stream().map(Class::getSimpleName).collect(Collectors.joining(" → "));
    }

    /**
     * Today's events, in order; none where the type of the record is retired.
     *
     * @throws IllegalArgumentException if the record is neither an event nor of an old shape
     * @throws IllegalStateException if more than {@link #MAX_EVENTS} come of it
     * @throws RuntimeException as an upcaster throws it
     */
    List<E> apply(Record stored) {
        if (events.isInstance(stored)) {
            return List.of(events.cast(stored));
        }
        List<E> today = new ArrayList<>();
        collect(stored, today);
        return List.copyOf(today);
    }

    private void collect(Object record, List<E> into) {
        if (events.isInstance(record)) {
            if (into.size() == MAX_EVENTS) {
                throw new IllegalStateException("more than %d events would come of one record".formatted(MAX_EVENTS));
            }
            into.add(events.cast(record));
            return;
        }
        Upcaster<?, ?> upcaster = upcasters.get(record.getClass());
        if (upcaster == null) {
            throw new IllegalArgumentException("%s is no event of %s, and no upcaster knows it"
                    .formatted(record.getClass().getName(), events.getSimpleName()));
        }
        for (Object each : upcaster.apply(record)) {
            collect(each, into);
        }
    }
}
