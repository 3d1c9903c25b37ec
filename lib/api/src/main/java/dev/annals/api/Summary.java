package dev.annals.api;

import java.util.List;

/**
 * An event that says all that is to be kept of the events before it, such as the balance carried forward when books are
 * closed.
 *
 * <p>Folds begin anew with it: its {@link Decider#evolve} is given the initial state, and a view the absence of a row
 * or part. So it comes to the same whether the events before it are still there or not, and they may leave: where the
 * type has a retention by age, a service erases them ({@link Decider#summarize}). Versions go on.
 *
 * <p>Implemented by an event's record. A record of an old shape must implement it too, if it is to be found without its
 * upcaster.
 */
public interface Summary {

    /** Whether a fold can begin with a record that means these events today. */
    static boolean begins(List<?> events) {
        return !events.isEmpty() && events.getFirst() instanceof Summary;
    }
}
