package dev.annals.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate as three pure functions (the Decider pattern, Jérémie Chassaing).
 *
 * <p>The same {@link #evolve} runs when a command has just been decided, when state is rebuilt from the event topic and
 * in tests, so the three functions must not do I/O, read a clock, draw random numbers or keep anything between calls:
 * what a decision needs comes with the command. An implementation is called by several threads and must be stateless.
 *
 * @param <C> the commands, a sealed interface of records
 * @param <S> the state, an immutable record
 * @param <E> the events, a sealed interface of records
 */
public interface Decider<C, S, E> {

    /** The state of an aggregate that has no events. */
    S initial();

    /**
     * Decides one command against the state after all earlier events.
     *
     * <p>It must end, and soon: nothing can interrupt it. One that loops for ever, without or with events, holds its
     * partition, and after Kafka's {@code max.poll.interval.ms} that of the instance which takes over. The limit on the
     * events of a command ({@code annals.command.max.events}) is checked when it has returned.
     *
     * @return events to append (none: accepted, but nothing changes) or a rejection; a broken business rule is a
     *     rejection, never an exception. An exception means a bug: the command is dead-lettered with outcome
     *     {@code failed} and nothing is appended
     */
    Decision<E> decide(C command, S state);

    /**
     * As {@link #decide(Object, Object)}, and what services call: for rules to which it matters when the command was
     * asked, such as those on what expires. The time stands in the command's record: whichever instance decides, and
     * how late, decides with the same.
     *
     * @param time the time of the command, and of its events ({@code ce_time}): by its sender's clock, or when the
     *     broker took it where that does not say; UTC, in microseconds. Commands need not come in the order of their
     *     times
     */
    default Decision<E> decide(C command, S state, Instant time) {
        return decide(command, state);
    }

    /**
     * The state after one more event. Total: it never rejects, since the event is a fact.
     *
     * @param state of a {@link Summary} the initial one, whatever came before
     */
    S evolve(S state, E event);

    /** As {@link #evolve}, begun anew by a {@link Summary}. This is what folds call. */
    default S fold(S state, E event) {
        return evolve(event instanceof Summary ? initial() : state, event);
    }

    /**
     * Raised by the author when the same events make another state than before: all stored states are then folded anew
     * from the events, before the next command of their partition is decided. A state record of another shape has that
     * effect by itself.
     */
    default int version() {
        return 1;
    }

    /**
     * The command that decides a {@link Summary} of an aggregate's events, so that those before it can leave: a service
     * sends it where the type has a retention by age. Null if only the domain's own users ask for summaries. It must be
     * accepted in every state that events make, with the summary as its last event.
     */
    default @Nullable C summarize() {
        return null;
    }

    /** What is done about missing events (erased ones) where states are folded anew. */
    default MissingEvents missingEvents() {
        return MissingEvents.FAIL;
    }
}
