package dev.annals.engine.deciding;

import dev.annals.engine.deciding.StateCodec.Versioned;

/**
 * The states of all aggregates of a host, as the decisions so far have made them. One thread at a time.
 *
 * @param <S> the type's state
 */
public interface AggregateStates<S extends Record> {

    /**
     * Of an aggregate that is not there, the initial state with version 0.
     *
     * @throws CommandFailedException if there is no state to decide against
     */
    Versioned<S> get(String aggregateId);

    /** How many events an aggregate has, also one whose state {@link #get} does not give. */
    long version(String aggregateId);

    /**
     * Prepares a change, and changes nothing yet.
     *
     * @return makes {@link #get} tell of it
     * @throws CommandFailedException if the state can't be kept
     */
    Runnable change(String aggregateId, Versioned<S> state);
}
