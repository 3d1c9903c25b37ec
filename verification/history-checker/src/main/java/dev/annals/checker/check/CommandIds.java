package dev.annals.checker.check;

import dev.annals.checker.history.Answer.Decided;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command id promises: one decision, the same result for each repeat, and a refusal for another payload. */
final class CommandIds {

    private CommandIds() {}

    /** @param exchanges of one aggregate, in the order of the log */
    static void check(List<Exchange> exchanges, Findings findings) {
        Map<String, List<Exchange>> byId = new LinkedHashMap<>();
        exchanges.forEach(exchange -> byId.computeIfAbsent(exchange.call().commandId(), any -> new ArrayList<>())
                .add(exchange));
        byId.values().forEach(ofId -> checkId(ofId, findings));
    }

    private static void checkId(List<Exchange> ofId, Findings findings) {
        Exchange first = null;
        for (Exchange each : ofId) {
            if (each.isReuse()) {
                checkReuse(each, first, findings);
            } else if (each.isReplay()) {
                checkReplay(each, first, findings);
            } else if (first == null) {
                first = each.isFailure() ? null : each;
            } else if (each.isDecision()) {
                findings.add(
                        Rule.DECIDED_TWICE,
                        each.call().aggregate(),
                        "%s gave %s, and then %s gave %s"
                                .formatted(
                                        first.describe(),
                                        Decided.of(first.result()),
                                        each.describe(),
                                        Decided.of(each.result())));
            }
        }
    }

    private static void checkReuse(Exchange reuse, @Nullable Exchange first, Findings findings) {
        if (first == null || first.call().command().equals(reuse.call().command())) {
            findings.add(
                    Rule.REUSED_ID,
                    reuse.call().aggregate(),
                    "%s was refused as another command than %s"
                            .formatted(reuse.describe(), first == null ? "none" : first.describe()));
        }
    }

    private static void checkReplay(Exchange replay, @Nullable Exchange first, Findings findings) {
        if (first == null || !replay.result().equals(first.result().asReplay())) {
            findings.add(
                    Rule.REPLAY_DIFFERS,
                    replay.call().aggregate(),
                    "%s got %s, the first result was %s"
                            .formatted(replay.describe(), replay.result(), first == null ? "none" : first.result()));
        } else if (!first.call().command().equals(replay.call().command())) {
            findings.add(
                    Rule.REUSED_ID,
                    replay.call().aggregate(),
                    "%s got the result of another payload, %s".formatted(replay.describe(), first.describe()));
        }
    }
}
