package dev.annals.service;

/**
 * What clients may take of a service's HTTP side; checked where it is made.
 *
 * @param connections at the same time; further ones wait to be accepted
 * @param leastRate in bytes a second: a client that sends a body or takes an answer more slowly is cut off; 0 for none
 */
public record Limits(int connections, int leastRate) {

    public static final String CONNECTIONS = "annals.limits.connections";
    public static final String LEAST_RATE = "annals.limits.least.bytes.per.second";

    private static final int MAX_CONNECTIONS = 1_000_000;
    private static final int MAX_RATE = 1_000_000_000;

    /** @throws StartupException if one is wrong; the message names its key */
    static Limits of(Settings settings) {
        return new Limits(
                settings.integer(CONNECTIONS, 2_000, 1, MAX_CONNECTIONS),
                settings.integer(LEAST_RATE, 10_000, 0, MAX_RATE));
    }
}
