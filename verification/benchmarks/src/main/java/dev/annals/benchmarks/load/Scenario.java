package dev.annals.benchmarks.load;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

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
        HTTP,
        /** Calls in the JVM of the engine. */
        GATEWAY
    }

    static Scenario topics(Population population, int inFlight) {
        return new Scenario(Door.TOPICS, population, inFlight, 0);
    }

    static Scenario http(Population population, int connections) {
        return new Scenario(Door.HTTP, population, connections, 0);
    }

    static Scenario gateway(Population population, int inFlight) {
        return new Scenario(Door.GATEWAY, population, inFlight, 0);
    }

    List<Program> programs() {
        return switch (door) {
            case TOPICS -> List.of(Program.values());
            case HTTP -> List.of(Program.SERVICE, Program.SECURED);
            case GATEWAY -> List.of(Program.ENGINE);
        };
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
        return "%s %,d %s".formatted(name(), concurrency, door == Door.HTTP ? "connections" : "in flight");
    }

    /** With the accounts, for where there are several populations. */
    String fullLabel() {
        return label() + ", " + population.label();
    }

    private String name() {
        return door.name().toLowerCase(Locale.ROOT);
    }
}
