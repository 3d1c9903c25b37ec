package dev.annals.query.api;

import java.time.Duration;

/** One request, read completely, ready to be answered by any thread and more than once. */
@FunctionalInterface
interface Query {

    /** Whether an attempt may take its time. */
    enum Patience {
        /** Only what this instance has in its stores now. */
        NONE,
        /** Wait for changes, ask other instances. */
        BLOCKING
    }

    /**
     * Answers, or throws a problem.
     *
     * @throws dev.annals.query.table.TableUnavailableException if another attempt, or one with patience, may succeed
     */
    Answer answer(Patience patience);

    /** How long it was asked to wait, beyond what it takes to find the data. */
    default Duration patienceAsked() {
        return Duration.ZERO;
    }
}
