package dev.annals.checker.fuzz;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a run does.
 *
 * @param seed of all inputs
 * @param inputs how many, requests and records together
 * @param limit after which no further ones are sent
 * @param connections that send requests at the same time
 * @param warmUp the part of the inputs, in percent, after which processes are looked at for the first time
 * @param tokens whether services ask for tokens
 * @param routes the page of routes
 * @param only the inputs that are sent, as findings name them, with commas between; null for all
 */
record FuzzOptions(
        long seed,
        long inputs,
        Duration limit,
        int connections,
        int warmUp,
        boolean tokens,
        Path routes,
        @Nullable String only) {

    /** One in so many inputs is a record. */
    static final int RECORDS = 5;

    /** From 0 up to this. */
    long requests() {
        return inputs - records();
    }

    long records() {
        return inputs / RECORDS;
    }
}
