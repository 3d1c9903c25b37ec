package dev.annals.testkit;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.Decision.Accepted;
import dev.annals.api.Decision.Rejected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/**
 * Tests a rule of an aggregate: given events, when a command comes, then events or a rejection follow.
 *
 * <pre>{@code
 * DeciderKit.given(new OrderDecider(), placed, paid)
 *         .when(new CancelOrder("changed my mind"))
 *         .then(new PaymentRefunded("card", total), new OrderCancelled("changed my mind"));
 * }</pre>
 *
 * <p>Immutable: a kit can be kept and used for several commands. A failed expectation is an {@link AssertionError} that
 * names the command, the history and the decision.
 */
public final class DeciderKit<C, S, E> {

    /** Time of every command for which {@link #at} has named no other. */
    public static final Instant DEFAULT_TIME = ViewKit.DEFAULT_TIME;

    private final Decider<C, S, E> decider;
    private final List<E> history;
    private final Instant time;

    private DeciderKit(Decider<C, S, E> decider, List<E> history, Instant time) {
        this.decider = decider;
        this.history = List.copyOf(history);
        this.time = time;
    }

    /** An aggregate to which these events have happened; none: it does not exist yet. */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read, to be copied
    public static <C, S, E> DeciderKit<C, S, E> given(Decider<C, S, E> decider, E... events) {
        return new DeciderKit<>(decider, List.of(events), DEFAULT_TIME);
    }

    /** As {@link #given(Decider, Object[])}, for a history that a test has computed. */
    public static <C, S, E> DeciderKit<C, S, E> given(Decider<C, S, E> decider, List<? extends E> events) {
        return new DeciderKit<>(decider, List.copyOf(events), DEFAULT_TIME);
    }

    /**
     * An aggregate whose events are stored like this: as today's, or in the shape of earlier releases, to be upcast.
     *
     * @throws IllegalArgumentException if a record is no event of the type, and no upcaster knows it
     */
    public static <C, S extends Record, E> DeciderKit<C, S, E> givenStored(
            AggregateType<C, S, E> type, Record... stored) {
        return new DeciderKit<>(
                type.decider(),
                Stream.of(stored).flatMap(each -> type.upcast(each).stream()).toList(),
                DEFAULT_TIME);
    }

    /** The commands that follow have this time. */
    public DeciderKit<C, S, E> at(Instant timeOfCommands) {
        return new DeciderKit<>(decider, history, timeOfCommands);
    }

    /** The state after the events. */
    public S state() {
        S state = decider.initial();
        for (E event : history) {
            state = decider.fold(state, event);
        }
        return state;
    }

    public Outcome<C, S, E> when(C command) {
        return new Outcome<>(this, command, decider.decide(command, state(), time));
    }

    private DeciderKit<C, S, E> and(List<E> events) {
        List<E> all = new ArrayList<>(history);
        all.addAll(events);
        return new DeciderKit<>(decider, all, time);
    }

    /**
     * What was decided, to be compared with what the rule says. Every {@code then} can be followed by another command.
     */
    public static final class Outcome<C, S, E> {

        private final DeciderKit<C, S, E> before;
        private final C command;
        private final Decision<E> decision;

        private Outcome(DeciderKit<C, S, E> before, C command, Decision<E> decision) {
            this.before = before;
            this.command = command;
            this.decision = decision;
        }

        /**
         * The command is accepted with exactly these events, in this order; none: it is accepted and changes nothing.
         */
        @SafeVarargs
        @SuppressWarnings("varargs") // only read, to be copied
        public final DeciderKit<C, S, E> then(E... events) {
            List<E> expected = List.of(events);
            List<E> happened = acceptedEvents("expected it to be accepted with " + expected);
            Assertions.assertThat(happened).as(story()).isEqualTo(expected);
            return before.and(happened);
        }

        /** The command is accepted, with whatever events. */
        public DeciderKit<C, S, E> thenAccepted() {
            return before.and(acceptedEvents("expected it to be accepted"));
        }

        /** The command is rejected with this code. */
        public DeciderKit<C, S, E> thenRejected(String code) {
            return thenRejected(code, "");
        }

        /** The command is rejected with this code, and the message for people contains this. */
        public DeciderKit<C, S, E> thenRejected(String code, String partOfMessage) {
            String expectation = "expected it to be rejected with " + code;
            if (!(decision instanceof Rejected<E> rejected)) {
                throw failure(expectation);
            }
            if (!rejected.code().equals(code) || !rejected.message().contains(partOfMessage)) {
                throw failure(
                        partOfMessage.isEmpty() ? expectation : expectation + " and a message with: " + partOfMessage);
            }
            return before;
        }

        /** The decision itself, for what the methods above can't say. */
        public Decision<E> decision() {
            return decision;
        }

        private List<E> acceptedEvents(String expectation) {
            if (decision instanceof Accepted<E> accepted) {
                return accepted.events();
            }
            throw failure(expectation);
        }

        private AssertionError failure(String expectation) {
            String found = switch (decision) {
                case Accepted<E> accepted -> "it was accepted with " + accepted.events();
                case Rejected<E> rejected ->
                    "it was rejected with " + rejected.code() + " (" + rejected.message() + ")";
            };
            return new AssertionError(story() + "\n  " + expectation + "\n  but " + found);
        }

        private String story() {
            return "given " + before.history + "\n  when " + command;
        }
    }
}
