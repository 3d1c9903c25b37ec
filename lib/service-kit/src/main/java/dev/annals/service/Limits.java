package dev.annals.service;

/**
 * What clients may take of a service's HTTP side; checked where it is made.
 *
 * @param connections at the same time; further ones wait to be accepted
 * @param leastRate in bytes a second: a client that sends a body or takes an answer more slowly is cut off; 0 for none
 * @param commandsPerSecond that a principal may send on an instance, or an address without a token; 0 for any number
 * @param readsPerSecond that they may ask for, likewise
 * @param liveReaders that they may have at the same time, likewise
 */
public record Limits(int connections, int leastRate, int commandsPerSecond, int readsPerSecond, int liveReaders) {

    public static final String CONNECTIONS = "annals.limits.connections";
    public static final String LEAST_RATE = "annals.limits.least.bytes.per.second";
    public static final String COMMANDS = "annals.limits.commands.per.second";
    public static final String READS = "annals.limits.reads.per.second";
    public static final String LIVE_READERS = "annals.limits.live.readers";

    private static final int MAX_CONNECTIONS = 1_000_000;
    private static final int MAX_RATE = 1_000_000_000;
    private static final int MAX_REQUESTS = 1_000_000;

    /**
     * @param auth where nobody is asked for a token, a gateway with all its clients is one address: no rate is limited
     *     there unless the settings say so
     * @throws StartupException if one is wrong; the message names its key
     */
    static Limits of(Settings settings, AuthSettings.Mode auth) {
        boolean known = auth == AuthSettings.Mode.OIDC;
        return new Limits(
                settings.integer(CONNECTIONS, 2_000, 1, MAX_CONNECTIONS),
                settings.integer(LEAST_RATE, 10_000, 0, MAX_RATE),
                settings.integer(COMMANDS, known ? 500 : 0, 0, MAX_REQUESTS),
                settings.integer(READS, known ? 1_000 : 0, 0, MAX_REQUESTS),
                settings.integer(LIVE_READERS, known ? 20 : 0, 0, MAX_REQUESTS));
    }
}
