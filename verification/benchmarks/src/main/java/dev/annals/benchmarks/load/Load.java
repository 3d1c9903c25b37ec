package dev.annals.benchmarks.load;

import java.time.Duration;

/**
 * What a driver does once.
 *
 * @param kind of every command
 * @param population whose accounts the commands are for
 * @param commands the most; each account in turn where they are limited, any account at random where the time is
 * @param concurrency the most commands in flight, or the number of connections
 * @param perSecond a fixed rate; 0: the next command as soon as another's result has come (closed loop)
 * @param settle goes by before anything is measured
 * @param measured how long
 */
record Load(
        CommandKind kind,
        Population population,
        long commands,
        int concurrency,
        double perSecond,
        Duration settle,
        Duration measured) {

    /** So long a load may go on that is limited by its number of commands. */
    private static final Duration COUNTED_LIMIT = Duration.ofMinutes(20);

    private static final long ANY = Long.MAX_VALUE;

    /** Each account gets the command so many times. */
    static Load counted(CommandKind kind, Population population, long times, int concurrency) {
        return new Load(kind, population, population.accounts() * times, concurrency, 0, Duration.ZERO, COUNTED_LIMIT);
    }

    static Load timed(Population population, int concurrency, double perSecond, Duration settle, Duration measured) {
        return new Load(CommandKind.DEPOSIT, population, ANY, concurrency, perSecond, settle, measured);
    }

    boolean isClosedLoop() {
        return perSecond == 0;
    }

    boolean isCounted() {
        return commands != ANY;
    }

    /** The account of the i-th command. */
    int account(long i) {
        return population.account(isCounted() ? i : mixed(i));
    }

    /** SplitMix64's finalizer: spreads consecutive numbers evenly, the same in every run. */
    private static long mixed(long i) {
        long z = i * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
