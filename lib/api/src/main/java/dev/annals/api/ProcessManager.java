package dev.annals.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process over several aggregates (the process manager of Hohpe and Woolf, often called a saga), as pure functions:
 * the mirror of a {@link Decider}. A decider turns commands into events; a process turns events, and the answers to its
 * own commands, into commands and timers.
 *
 * <p>A process has instances, each with an id, a state and inputs in one order. They come into being with their first
 * input that changes the initial state or has an effect: what does neither leaves no trace. {@link #evolve} is called
 * again whenever a state is made anew, {@link #react} never again for the same input; so what is to be done must come
 * from {@code react} alone. None of the functions may do I/O, read a clock, draw random numbers or keep anything
 * between calls: times and ids come with the inputs. An implementation is called by several threads and must be
 * stateless.
 *
 * <p>Events of different aggregates come in any order. A process whose end depends on it has a race; the test kit finds
 * such.
 *
 * <p>If one of the functions throws, that instance is parked with the input, and the inputs after it wait: an operator
 * looks at it with {@code annals processes}, and has it tried again or the input passed over.
 *
 * @param <S> the state, an immutable record; its schema is derived, it stays inside the services
 */
public interface ProcessManager<S extends Record> {

    /**
     * Plural, lower case, such as {@code transfers}; in topic names, URLs and command ids. No aggregate type has the
     * same name.
     */
    String name();

    /** Whose events it is told: the sealed interfaces of the events of aggregate types of the installation. */
    List<Class<?>> events();

    /** What it may send: the sealed interfaces of the commands of aggregate types of the installation. */
    List<Class<?>> commands();

    /**
     * To which instance an event belongs.
     *
     * @return its id, of the characters that an aggregate id can have and so short that with the name of the process
     *     there are at most 107 characters; null for none
     */
    @Nullable
    String instance(Input.Happened happened);

    Class<S> state();

    /** The state of an instance that has had no input. */
    S initial();

    /** The state after one more input. Total: it never refuses. */
    S evolve(S state, Input input);

    /**
     * What to do about an input.
     *
     * @param state after the input
     * @return effects, in their order; none: nothing to do
     */
    List<Effect> react(S state, Input input);

    /**
     * Raised by the author when the same inputs make another state than before: states are then folded anew from the
     * journal. A state record of another shape has that effect by itself. Nothing is done again.
     */
    default int version() {
        return 1;
    }
}
