package dev.annals.checker.check;

import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.history.Answer;
import dev.annals.checker.history.Answer.Decided;
import dev.annals.checker.history.Call;
import dev.annals.checker.history.History;
import dev.annals.checker.history.LoggedResult;
import dev.annals.engine.deciding.CommandResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Joins calls with results by their trace, and compares what clients were told with what the log says. */
final class Exchanges {

    private static final int TOO_MANY_IN_FLIGHT = 429;

    private final Findings findings;
    private final Map<String, List<Exchange>> byTrace = new LinkedHashMap<>();
    private final Map<AggregateRef, List<Exchange>> byAggregate = new LinkedHashMap<>();
    private final Map<AggregateRef, List<Call>> calls;

    private Exchanges(History history, Findings findings) {
        this.findings = findings;
        this.calls = history.calls().stream().collect(Collectors.groupingBy(Call::aggregate));
    }

    static Exchanges join(History history, Findings findings) {
        Exchanges exchanges = new Exchanges(history, findings);
        Map<String, Call> byTrace = new HashMap<>();
        history.calls().forEach(call -> byTrace.put(call.trace(), call));
        history.results().forEach(result -> exchanges.add(result, byTrace));
        history.calls().forEach(exchanges::check);
        return exchanges;
    }

    /** In the order of the log. */
    List<Exchange> of(AggregateRef aggregate) {
        return byAggregate.getOrDefault(aggregate, List.of());
    }

    List<Call> calls(AggregateRef aggregate) {
        return calls.getOrDefault(aggregate, List.of());
    }

    Set<AggregateRef> aggregates() {
        return byAggregate.keySet();
    }

    private void add(LoggedResult logged, Map<String, Call> calls) {
        CommandResult result = logged.result();
        Call call = logged.trace() == null ? null : calls.get(logged.trace());
        if (call == null
                || !call.commandId().equals(result.commandId())
                || !call.aggregate().equals(logged.aggregate())) {
            findings.add(Rule.RESULT_WITHOUT_CALL, logged.place(), "nobody asked for %s".formatted(result));
            return;
        }
        Exchange exchange = new Exchange(call, logged);
        List<Exchange> ofCall = byTrace.computeIfAbsent(call.trace(), any -> new ArrayList<>());
        if (!ofCall.isEmpty() && !mayComeAgain(exchange)) {
            findings.add(
                    Rule.RESULT_TWICE,
                    call.aggregate(),
                    "%s has %s at %s too".formatted(ofCall.getFirst().describe(), result, logged.place()));
        }
        ofCall.add(exchange);
        if (exchange.isFailure()) {
            findings.add(Rule.FAILED, call.aggregate(), "%s: %s".formatted(exchange.describe(), result));
        }
        byAggregate.computeIfAbsent(call.aggregate(), any -> new ArrayList<>()).add(exchange);
    }

    /**
     * A call over HTTP or by a gateway that its aggregate's owner did not answer in time goes to the topic too, and
     * what comes second finds the id known: it is answered from what was decided, and decides nothing.
     */
    private static boolean mayComeAgain(Exchange second) {
        return second.call().isForTheOwner() && (second.isReplay() || second.isReuse());
    }

    private void check(Call call) {
        List<CommandResult> results = byTrace.getOrDefault(call.trace(), List.of()).stream()
                .map(Exchange::result)
                .toList();
        switch (call.answer()) {
            case Decided decided -> checkTold(call, decided, results);
            case Answer.Refused(int status, String body) -> {
                if (status != TOO_MANY_IN_FLIGHT || !results.isEmpty()) {
                    findings.add(
                            Rule.REFUSED,
                            call.aggregate(),
                            "%s was refused with %d (%s), its results: %s"
                                    .formatted(call.describe(), status, body, results));
                }
            }
            case Answer.Unknown(String reason) -> {
                if (call.written() && results.isEmpty()) {
                    findings.add(
                            Rule.LOST_COMMAND,
                            call.aggregate(),
                            "the broker took %s (%s), and there is no result".formatted(call.describe(), reason));
                }
            }
        }
    }

    private void checkTold(Call call, Decided told, List<CommandResult> logged) {
        if (logged.isEmpty()) {
            findings.add(
                    Rule.ANSWER_WITHOUT_RESULT, call.aggregate(), "%s was told %s".formatted(call.describe(), told));
        } else if (logged.stream().map(Decided::of).noneMatch(told::equals)) {
            findings.add(
                    Rule.ANSWER_DIFFERS,
                    call.aggregate(),
                    "%s was told %s, the log says %s".formatted(call.describe(), told, logged));
        }
    }
}
