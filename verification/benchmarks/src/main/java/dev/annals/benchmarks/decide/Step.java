package dev.annals.benchmarks.decide;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision.Accepted;
import dev.annals.api.Decision.Rejected;

/** A command for an aggregate in a state. */
record Step<C, S, E>(Decider<C, S, E> decider, S state, C command) {

    static <C, S extends Record, E> Step<C, S, E> first(AggregateType<C, S, E> type, C command) {
        return new Step<>(type.decider(), type.decider().initial(), command);
    }

    /** The next command, for the state that this one leads to. */
    Step<C, S, E> then(C next) {
        return new Step<>(decider, run(), next);
    }

    /** Decides the command and returns the state after its events. */
    S run() {
        return switch (decider.decide(command, state)) {
            case Accepted<E>(var events) -> {
                S after = state;
                for (E event : events) {
                    after = decider.fold(after, event);
                }
                yield after;
            }
            case Rejected<E>(var code, var message) -> throw new IllegalStateException(code + ": " + message);
        };
    }
}
