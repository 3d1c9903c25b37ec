package dev.annals.engine.reacting;

/**
 * Limits of reacting.
 *
 * @param maxRecordBytes the largest journal entry, command or stored instance, in bytes as it is written; below the
 *     broker's {@code message.max.bytes}
 * @param maxEffects the most effects that one input may have
 * @param maxWaiting the most inputs that wait for one parked instance; more become dead letters
 * @param maxHops the longest chain of processes: an event that so many processes led to starts nothing more
 */
public record ReactingConfig(int maxRecordBytes, int maxEffects, int maxWaiting, int maxHops) {

    public static final String MAX_RECORD_BYTES_KEY = "annals.process.max.record.bytes";
    public static final String MAX_EFFECTS_KEY = "annals.process.max.effects";
    public static final String MAX_WAITING_KEY = "annals.process.max.waiting";
    public static final String MAX_HOPS_KEY = "annals.process.max.hops";

    public static final ReactingConfig DEFAULT = new ReactingConfig(900_000, 1_000, 1_000, 100);
}
