package dev.annals.benchmarks.load;

import java.time.Duration;
import java.util.List;

/**
 * One way to load a program.
 *
 * @param population that is loaded
 * @param concurrency the most commands in flight, or the number of connections
 * @param perSecond 0 for a closed loop
 */
record Scenario(Door door, Population population, int concurrency, double perSecond) {

    /** How commands reach a program. */
    enum Door {
        TOPICS,
        HTTP
    }

    static Scenario topics(Population population, int inFlight) {
        return new Scenario(Door.TOPICS, population, inFlight, 0);
    }

    static Scenario http(Population population, int connections) {
        return new Scenario(Door.HTTP, population, connections, 0);
    }

    /** The floor has no HTTP. */
    List<Program> programs() {
        return door == Door.TOPICS ? List.of(Program.FLOOR, Program.SERVICE) : List.of(Program.SERVICE);
    }

    boolean isClosedLoop() {
        return perSecond == 0;
    }

    /** The same load on other accounts. */
    boolean differsOnlyInPopulation(Scenario other) {
        return equals(new Scenario(other.door, population, other.concurrency, other.perSecond));
    }

    Load load(Duration settle, Duration measured) {
        return Load.timed(population, concurrency, perSecond, settle, measured);
    }

    String label() {
        if (!isClosedLoop()) {
            return "%s %,.0f/s".formatted(name(), perSecond);
        }
        return "%s %,d %s".formatted(name(), concurrency, door == Door.TOPICS ? "in flight" : "connections");
    }

    /** With the accounts, for where there are several populations. */
    String fullLabel() {
        return label() + ", " + population.label();
    }

    private String name() {
        return door == Door.TOPICS ? "topics" : "http";
    }
}
