package dev.annals.checker;

import dev.annals.checker.mutant.Mutant;
import dev.annals.checker.nemesis.Disturbance;
import dev.annals.checker.workload.Scenario;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What to run.
 *
 * @param scenario what the clients do
 * @param seed of the commands and of the faults
 * @param duration of the workload; starting, healing and checking come on top
 * @param instances of the command service that clients know
 * @param faults what the nemesis does
 * @param variant in no scenario of faults
 * @param mutant null for the right service
 */
record RunOptions(
        Scenario scenario,
        long seed,
        Duration duration,
        int instances,
        int clients,
        Disturbance faults,
        Variant variant,
        @Nullable Mutant mutant) {

    static final int MAX_INSTANCES = 8;
    static final int MAX_CLIENTS = 256;

    RunOptions {
        require("instances", instances, MAX_INSTANCES);
        require("clients", clients, MAX_CLIENTS);
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("the duration must be above 0, but is " + duration);
        }
        if (mutant != null && mutant.scenario() != scenario) {
            throw new IllegalArgumentException("mutant %s: expected one that %s can find".formatted(mutant, scenario));
        }
    }

    private static void require(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException("%s: expected 1 to %d, got %d".formatted(name, max, value));
        }
    }
}
