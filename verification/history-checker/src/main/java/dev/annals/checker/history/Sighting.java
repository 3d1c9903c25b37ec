package dev.annals.checker.history;

/**
 * A version that a reader of the events topic had seen.
 *
 * @param at {@link System#nanoTime} after it was read
 */
public record Sighting(AggregateRef aggregate, long version, long at) {}
