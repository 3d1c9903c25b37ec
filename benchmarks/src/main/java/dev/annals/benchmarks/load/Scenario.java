package dev.annals.benchmarks.load;

import java.time.Duration;
import java.util.List;

/**
 * One way to load a program.
 *
 * @param concurrency the most commands in flight, or the number of connections
 * @param perSecond 0 for a closed loop
 */
record Scenario(Door door, int concurrency, double perSecond) {

    /** How commands reach a program. */
    enum Door {
        TOPICS,
        HTTP
    }

    static Scenario topics(int inFlight) {
        return new Scenario(Door.TOPICS, inFlight, 0);
    }

    static Scenario http(int connections) {
        return new Scenario(Door.HTTP, connections, 0);
    }

    /** The floor has no HTTP. */
    List<Program> programs() {
        return door == Door.TOPICS ? List.of(Program.FLOOR, Program.SERVICE) : List.of(Program.SERVICE);
    }

    boolean isClosedLoop() {
        return perSecond == 0;
    }

    Load load(int accounts, Duration settle, Duration measured) {
        return Load.timed(accounts, concurrency, perSecond, settle, measured);
    }

    String label() {
        if (!isClosedLoop()) {
            return "%s %,.0f/s".formatted(name(), perSecond);
        }
        return "%s %,d %s".formatted(name(), concurrency, door == Door.TOPICS ? "in flight" : "connections");
    }

    private String name() {
        return door == Door.TOPICS ? "topics" : "http";
    }
}
