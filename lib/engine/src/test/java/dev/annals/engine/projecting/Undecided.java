package dev.annals.engine.projecting;

import dev.annals.api.Decider;
import dev.annals.api.Decision;

/** For domains of which only the views are tested. */
record Undecided<C, S, E>(S initial) implements Decider<C, S, E> {

    @Override
    public Decision<E> decide(C command, S state) {
        return Decision.accept();
    }

    @Override
    public S evolve(S state, E event) {
        return state;
    }
}
