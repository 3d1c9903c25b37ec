package dev.annals.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate type: its name, its records and its rules.
 *
 * <pre>{@code
 * AggregateType.named("accounts", new AccountDecider())
 *         .commands(AccountCommand.class)
 *         .events(AccountEvent.class)
 *         .state(Account.class)
 *         .createdBy(OpenAccount.class)
 *         .build();
 * }</pre>
 *
 * <p>Every permitted subclass of {@code commands} and {@code events} is a record with an Avro schema of the full name
 * {@code <namespace>.<name>.<simple class name>}; a hyphen in the name is {@code _} there. Schemas are recorded from
 * the records by the test kit. Immutable and thread-safe.
 *
 * @param <C> the commands, a sealed interface of records
 * @param <S> the state, a record
 * @param <E> the events, a sealed interface of records
 */
public final class AggregateType<C, S extends Record, E> {

    /** The namespace of the domains that Annals ships, and of those that name no other. */
    public static final String DEFAULT_NAMESPACE = "annals";

    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*+");

    private final String name;
    private final String namespace;
    private final Decider<C, S, E> decider;
    private final Class<C> commands;
    private final Class<E> events;
    private final Class<S> state;
    private final Class<? extends C> createdBy;
    private final @Nullable Class<? extends C> replacedBy;
    private final @Nullable Class<? extends C> deletedBy;
    private final List<Upcaster<?, ?>> upcasters;
    private final Upcasting<E> upcasting;

    private AggregateType(Builder<C, S, E> parts) {
        this.name = parts.name;
        this.namespace = parts.namespace;
        this.decider = parts.decider;
        this.commands = parts.required(parts.commands, "commands");
        this.events = parts.required(parts.events, "events");
        this.state = parts.required(parts.state, "state");
        this.createdBy = parts.required(parts.createdBy, "createdBy");
        this.replacedBy = parts.replacedBy;
        this.deletedBy = parts.deletedBy;
        this.upcasters = List.copyOf(parts.upcasters);
        this.upcasting = new Upcasting<>(events, upcasters);
    }

    /**
     * Begins a type.
     *
     * @param name plural, lower case; the first part of the topic names and of the URLs, for instance {@code orders}
     * @throws IllegalArgumentException if the name is not lower-case words joined by {@code -}
     */
    public static <C, S extends Record, E> Builder<C, S, E> named(String name, Decider<C, S, E> decider) {
        NameRule.require("aggregate type", name);
        return new Builder<>(name, decider);
    }

    /** The first part of the topic names and of the URLs. */
    public String name() {
        return name;
    }

    /** In which the Avro names of all records of this type, and of the rows of its domain's views, begin. */
    public String namespace() {
        return namespace;
    }

    public Decider<C, S, E> decider() {
        return decider;
    }

    public Class<C> commands() {
        return commands;
    }

    public Class<E> events() {
        return events;
    }

    public Class<S> state() {
        return state;
    }

    /** The command of {@code POST /v1/<name>}. */
    public Class<? extends C> createdBy() {
        return createdBy;
    }

    /** The command of {@code PUT /v1/<name>/<id>}, if there is one. */
    public @Nullable Class<? extends C> replacedBy() {
        return replacedBy;
    }

    /** The command of {@code DELETE /v1/<name>/<id>}, if there is one. */
    public @Nullable Class<? extends C> deletedBy() {
        return deletedBy;
    }

    /** From the shapes that events had in earlier releases, in any order; their records are bound as the events are. */
    public List<Upcaster<?, ?>> upcasters() {
        return upcasters;
    }

    /**
     * What a stored record means today: events in order, none where the type of the record is retired.
     *
     * @throws IllegalArgumentException if the record is neither an event nor of an old shape
     * @throws IllegalStateException if more than a thousand events come of it
     * @throws RuntimeException as an upcaster throws it
     */
    public List<E> upcast(Record stored) {
        return upcasting.apply(stored);
    }

    @Override
    public String toString() {
        return "AggregateType[" + name + "]";
    }

    /** The parts of a type, by their names and in any order. For one thread. */
    public static final class Builder<C, S extends Record, E> {

        private final String name;
        private final Decider<C, S, E> decider;
        private String namespace = DEFAULT_NAMESPACE;
        private @Nullable Class<C> commands;
        private @Nullable Class<E> events;
        private @Nullable Class<S> state;
        private @Nullable Class<? extends C> createdBy;
        private @Nullable Class<? extends C> replacedBy;
        private @Nullable Class<? extends C> deletedBy;
        private final List<Upcaster<?, ?>> upcasters = new ArrayList<>();

        private Builder(String name, Decider<C, S, E> decider) {
            this.name = name;
            this.decider = Objects.requireNonNull(decider, "decider");
        }

        /**
         * A namespace of the domain's own, such as {@code org.example.shop}: what others see of the domain bears its
         * name, and rows of the same simple name can't meet those of somebody else's. Never changes once there are
         * events.
         */
        public Builder<C, S, E> namespace(String own) {
            if (!NAMESPACE.matcher(own).matches()) {
                throw wrong("namespace '%s'", own, "expected names joined by '.', such as org.example.shop");
            }
            this.namespace = own;
            return this;
        }

        /** The sealed interface of the commands. */
        public Builder<C, S, E> commands(Class<C> sealed) {
            this.commands = sealed("commands", sealed);
            return this;
        }

        /** The sealed interface of the events. */
        public Builder<C, S, E> events(Class<E> sealed) {
            this.events = sealed("events", sealed);
            return this;
        }

        /** The record that events are folded to. */
        public Builder<C, S, E> state(Class<S> record) {
            this.state = record;
            return this;
        }

        /** The command of {@code POST /v1/<name>}. */
        public Builder<C, S, E> createdBy(Class<? extends C> command) {
            this.createdBy = command;
            return this;
        }

        /** The command of {@code PUT /v1/<name>/<id>}; without one, there is no such request. */
        public Builder<C, S, E> replacedBy(@Nullable Class<? extends C> command) {
            this.replacedBy = command;
            return this;
        }

        /** The command of {@code DELETE /v1/<name>/<id>}; without one, there is no such request. */
        public Builder<C, S, E> deletedBy(@Nullable Class<? extends C> command) {
            this.deletedBy = command;
            return this;
        }

        /** From the shapes that events had in earlier releases, in any order. */
        public Builder<C, S, E> upcasters(Upcaster<?, ?>... more) {
            upcasters.addAll(List.of(more));
            return this;
        }

        /**
         * The type.
         *
         * @throws IllegalArgumentException if a part is missing, or a chain of upcasters does not end in events; says
         *     which
         */
        public AggregateType<C, S, E> build() {
            return new AggregateType<>(this);
        }

        private <T> Class<T> sealed(String part, Class<T> type) {
            if (!type.isSealed()) {
                throw wrong(part + " %s", type.getName(), "expected a sealed interface of records");
            }
            return type;
        }

        private <T> Class<T> required(@Nullable Class<T> value, String part) {
            if (value == null) {
                throw wrong("no %s", part, "call .%s(….class) before build()".formatted(part));
            }
            return value;
        }

        private IllegalArgumentException wrong(String what, String value, String fix) {
            return new IllegalArgumentException(
                    "aggregate type '%s': %s: %s".formatted(name, what.formatted(value), fix));
        }
    }
}
