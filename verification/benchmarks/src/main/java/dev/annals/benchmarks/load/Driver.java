package dev.annals.benchmarks.load;

/** Sends commands and awaits their results. Used by one thread. */
interface Driver {

    /**
     * Sends what the load asks for and returns when every command has its result.
     *
     * @throws LoadException if results are missing or a command was not accepted
     */
    Recorder drive(Load load);
}
