package dev.annals.checker.mutant;

import dev.annals.api.Decider;
import dev.annals.api.Decision;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Decides against the state as it was {@link #LAG} ago: where state is fed back through a topic, a command is decided
 * before the events of the one before it have come back. Only the decision lags; events and versions are right.
 */
final class LaggingDecider<C, S, E> implements Decider<C, S, E> {

    /** About what a commit and a consumer's poll take. */
    private static final Duration LAG = Duration.ofMillis(50);

    private final Decider<C, S, E> right;
    private final ConcurrentLinkedDeque<Step<S>> newestFirst = new ConcurrentLinkedDeque<>();

    private record Step<S>(S before, S after, long at) {}

    LaggingDecider(Decider<C, S, E> right) {
        this.right = right;
    }

    @Override
    public S initial() {
        return right.initial();
    }

    @Override
    public Decision<E> decide(C command, S state) {
        return right.decide(command, lagging(state));
    }

    /** By identity: the service holds on to the states that it was given. */
    @SuppressWarnings("ReferenceEquality")
    private S lagging(S state) {
        long visible = System.nanoTime() - LAG.toNanos();
        S old = state;
        for (Iterator<Step<S>> steps = newestFirst.iterator(); steps.hasNext(); ) {
            Step<S> step = steps.next();
            if (step.at < visible) {
                steps.remove();
            } else if (step.after == old) {
                old = step.before;
            }
        }
        return old;
    }

    @Override
    public S evolve(S state, E event) {
        S after = right.evolve(state, event);
        newestFirst.addFirst(new Step<>(state, after, System.nanoTime()));
        return after;
    }
}
