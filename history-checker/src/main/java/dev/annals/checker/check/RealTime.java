package dev.annals.checker.check;

import dev.annals.checker.history.Answer.Decided;
import dev.annals.checker.history.Call;
import dev.annals.core.deciding.CommandResult.Outcome;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The order in which decisions took effect respects real time: what was asked after an answer had come is handled at the
 * version of that answer or a later one.
 *
 * <p>Versions are the order of the decisions of an aggregate, and only decisions that change nothing share one, so this
 * holds of every pair of calls that did not overlap exactly if it holds of each call and the latest answer before it.
 */
final class RealTime {

    private RealTime() {}

    /**
     * @param calls of one aggregate
     * @param exchanges of the same one
     */
    static void check(List<Call> calls, List<Exchange> exchanges, Findings findings) {
        NavigableMap<Long, Call> highest = highestAnswers(calls);
        for (Exchange exchange : exchanges) {
            Map.Entry<Long, Call> before = highest.lowerEntry(exchange.call().invoked());
            if (before == null || exchange.isReplay() || exchange.isFailure()) {
                continue; // a replay tells what was true earlier
            }
            long known = version(before.getValue());
            if (exchange.handledAt() < known) {
                findings.add(
                        Rule.REAL_TIME,
                        exchange.call().aggregate(),
                        "%s was handled at version %d, though %s had been answered with version %d before it was sent"
                                .formatted(
                                        exchange.describe(),
                                        exchange.handledAt(),
                                        before.getValue().describe(),
                                        known));
            }
        }
    }

    /** By the time of its answer, each call that was told a higher version than all that were answered before. */
    private static NavigableMap<Long, Call> highestAnswers(List<Call> calls) {
        NavigableMap<Long, Call> byAnswer = new TreeMap<>();
        for (Call call : calls) {
            if (call.answer() instanceof Decided decided && decided.outcome() != Outcome.FAILED) {
                byAnswer.merge(call.answered(), call, (a, b) -> version(a) >= version(b) ? a : b);
            }
        }
        NavigableMap<Long, Call> highest = new TreeMap<>();
        long reached = -1;
        for (Map.Entry<Long, Call> each : byAnswer.entrySet()) {
            if (version(each.getValue()) > reached) {
                reached = version(each.getValue());
                highest.put(each.getKey(), each.getValue());
            }
        }
        return highest;
    }

    private static long version(Call call) {
        return ((Decided) call.answer()).version();
    }
}
