package dev.annals.api;

import java.util.List;
import java.util.Objects;

/**
 * The outcome of {@link Decider#decide}: events, or a rejection.
 *
 * @param <E> the events of the aggregate
 */
public sealed interface Decision<E> {

    /**
     * The command takes effect; its events are appended together or not at all.
     *
     * @param events in the order in which they happened; may be empty
     */
    record Accepted<E>(List<E> events) implements Decision<E> {
        public Accepted {
            events = List.copyOf(events);
        }
    }

    /**
     * A rule forbids the command; nothing is appended.
     *
     * @param code stable and machine-readable, in kebab case; part of the published contract
     * @param message for people: what the rule is and what was found
     */
    record Rejected<E>(String code, String message) implements Decision<E> {
        public Rejected {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(message, "message");
        }
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // only read, to be copied
    static <E> Decision<E> accept(E... events) {
        return new Accepted<>(List.of(events));
    }

    static <E> Decision<E> reject(String code, String message) {
        return new Rejected<>(code, message);
    }
}
