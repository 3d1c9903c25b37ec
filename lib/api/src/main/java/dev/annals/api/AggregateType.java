package dev.annals.api;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate type: its name, its records and its rules.
 *
 * <p>Every permitted subclass of {@code commands} and {@code events} is a record whose Avro schema is the class path
 * resource {@code /avro/<name>/<simple class name>.avsc}, with the full name {@code annals.<name>.<simple class name>}; a
 * hyphen in the name is {@code _} there.
 *
 * @param name plural, lower case; the first part of the topic names and of the URLs, for instance {@code orders}
 * @param commands sealed interface of the commands
 * @param events sealed interface of the events
 * @param state the state's record
 * @param decider the rules
 * @param creating the command of {@code POST /v1/<name>}
 * @param replacing the command of {@code PUT /v1/<name>/<id>}, if there is one
 * @param deleting the command of {@code DELETE /v1/<name>/<id>}, if there is one
 * @param upcasters from the shapes that events had in earlier releases, in any order; their records are bound as the events are
 */
public record AggregateType<C, S extends Record, E>(
        String name,
        Class<C> commands,
        Class<E> events,
        Class<S> state,
        Decider<C, S, E> decider,
        Class<? extends C> creating,
        @Nullable Class<? extends C> replacing,
        @Nullable Class<? extends C> deleting,
        List<Upcaster<?, ?>> upcasters) {

    public AggregateType {
        Objects.requireNonNull(decider, "decider");
        NameRule.require("aggregate type", name);
        requireSealed("commands", commands);
        requireSealed("events", events);
        upcasters = List.copyOf(upcasters);
        Upcasting<E> unused = new Upcasting<>(events, upcasters);
    }

    /** A type whose events have the shape that they always had. */
    public AggregateType(
            String name,
            Class<C> commands,
            Class<E> events,
            Class<S> state,
            Decider<C, S, E> decider,
            Class<? extends C> creating,
            @Nullable Class<? extends C> replacing,
            @Nullable Class<? extends C> deleting) {
        this(name, commands, events, state, decider, creating, replacing, deleting, List.of());
    }

    /** What the records of earlier releases mean today. */
    public Upcasting<E> upcasting() {
        return new Upcasting<>(events, upcasters);
    }

    private static void requireSealed(String role, Class<?> type) {
        if (!type.isSealed()) {
            throw new IllegalArgumentException("%s of an aggregate type must be a sealed interface of records: %s"
                    .formatted(role, type.getName()));
        }
    }
}
