package dev.annals.checker.check;

import dev.annals.checker.history.Answer.Decided;
import dev.annals.checker.history.Call;
import dev.annals.checker.history.History.Sighting;
import dev.annals.engine.deciding.CommandResult.Outcome;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The order in which decisions took effect respects real time: what was asked after an answer had come, or after an
 * event had been read, is handled at that version or a later one.
 *
 * <p>Versions are the order of the decisions of an aggregate, and only decisions that change nothing share one, so this
 * holds of every pair of calls that did not overlap exactly if it holds of each call and the latest answer before it.
 */
final class RealTime {

    /** The highest version that anybody knew at some time, and how. */
    private final NavigableMap<Long, Known> known = new TreeMap<>();

    private record Known(long version, String from) {}

    private RealTime(List<Call> calls, List<Sighting> sightings) {
        NavigableMap<Long, Known> byTime = new TreeMap<>();
        for (Call call : calls) {
            if (call.answer() instanceof Decided decided && decided.outcome() != Outcome.FAILED) {
                byTime.merge(
                        call.answered(),
                        new Known(decided.version(), "the answer to " + call.describe()),
                        RealTime::higher);
            }
        }
        sightings.forEach(
                each -> byTime.merge(each.at(), new Known(each.version(), "a reader of the events"), RealTime::higher));
        byTime.forEach(this::reach);
    }

    private static Known higher(Known a, Known b) {
        return a.version >= b.version ? a : b;
    }

    private void reach(long time, Known next) {
        if (known.isEmpty() || known.lastEntry().getValue().version < next.version) {
            known.put(time, next);
        }
    }

    /** All of one aggregate. */
    static void check(List<Call> calls, List<Sighting> sightings, List<Exchange> exchanges, Findings findings) {
        RealTime time = new RealTime(calls, sightings);
        for (Exchange exchange : exchanges) {
            if (!exchange.isReplay() && !exchange.isFailure()) { // a replay tells what was true earlier
                time.check(exchange, findings);
            }
        }
    }

    private void check(Exchange exchange, Findings findings) {
        Map.Entry<Long, Known> before = known.lowerEntry(exchange.call().invoked());
        if (before != null && exchange.handledAt() < before.getValue().version) {
            findings.add(
                    Rule.REAL_TIME,
                    exchange.call().aggregate(),
                    "%s was handled at version %d, though %s had told of version %d before it was sent"
                            .formatted(
                                    exchange.describe(),
                                    exchange.handledAt(),
                                    before.getValue().from,
                                    before.getValue().version));
        }
    }
}
