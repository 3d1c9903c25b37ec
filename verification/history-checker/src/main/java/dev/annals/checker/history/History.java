package dev.annals.checker.history;

import java.util.List;

/**
 * All that is checked.
 *
 * @param calls every call, in any order
 * @param events the events topics from their beginning, committed; each partition in its order
 * @param results the results topics, likewise
 * @param sightings versions that were read from the events topics before some of the calls, in any order
 * @param journal the journals of the processes that ran, as the events
 */
public record History(
        List<Call> calls,
        List<LoggedEvent> events,
        List<LoggedResult> results,
        List<Sighting> sightings,
        List<LoggedStep> journal) {

    /**
     * A version that a reader of the events topic had seen.
     *
     * @param at {@link System#nanoTime} after it was read
     */
    public record Sighting(AggregateRef aggregate, long version, long at) {}

    public History {
        calls = List.copyOf(calls);
        events = List.copyOf(events);
        results = List.copyOf(results);
        sightings = List.copyOf(sightings);
        journal = List.copyOf(journal);
    }
}
