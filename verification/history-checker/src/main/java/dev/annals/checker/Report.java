package dev.annals.checker;

import dev.annals.accounts.AccountEvent.TransferCompleted;
import dev.annals.accounts.AccountEvent.TransferRefunded;
import dev.annals.accounts.AccountEvent.TransferSent;
import dev.annals.checker.check.Finding;
import dev.annals.checker.history.Answer;
import dev.annals.checker.history.Answer.Decided;
import dev.annals.checker.history.Call;
import dev.annals.checker.history.History;
import dev.annals.checker.nemesis.FaultCounts;
import dev.annals.checker.workload.Scenario;
import dev.annals.engine.deciding.CommandResult.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a run came to. */
record Report(
        RunOptions options,
        History history,
        FaultCounts faults,
        @Nullable UnderFault scenario,
        List<Finding> findings) {

    /**
     * Of a run of a scenario.
     *
     * @param seen what happened in it, a line each
     */
    record UnderFault(String name, List<String> seen) {

        UnderFault {
            seen = List.copyOf(seen);
        }
    }

    Report {
        findings = List.copyOf(findings);
    }

    /** For people, one figure a line. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (scenario != null) {
            lines.add("fault            %s".formatted(scenario.name));
        }
        lines.add("seed             %d".formatted(options.seed()));
        lines.add("commands         %,d (%,d over topics, %,d by a gateway, %,d of processes, the others over HTTP)"
                .formatted(history.calls().size(), calls(Call.TOPIC), calls(Call.GATEWAY), calls(Call.PROCESS)));
        outcomes().forEach((outcome, count) -> lines.add("  %-30s %,8d".formatted(outcome, count)));
        lines.add("events           %,d of %,d aggregates"
                .formatted(history.events().size(), aggregates()));
        lines.add("results          %,d".formatted(history.results().size()));
        if (options.scenario() == Scenario.TRANSFERS) {
            lines.add("transfers        %,d sent, %,d completed, %,d refunded"
                    .formatted(
                            events(TransferSent.class),
                            events(TransferCompleted.class),
                            events(TransferRefunded.class)));
        }
        if (scenario == null) {
            addFaults(lines);
        } else {
            scenario.seen.forEach(line -> lines.add("seen             " + line));
        }
        lines.add("findings         %d".formatted(findings.size()));
        findings.forEach(finding -> lines.add("  " + finding));
        return lines;
    }

    private void addFaults(List<String> lines) {
        lines.add("instances        %d kills, %d pauses (%d of them beyond the session timeout), %d forced rebalances"
                .formatted(faults.kills(), faults.pauses(), faults.zombies(), faults.rebalances()));
        lines.add("broker           %d kills, %d pauses".formatted(faults.brokerKills(), faults.brokerPauses()));
        lines.add("connections cut  %d times".formatted(faults.cuts()));
    }

    private long calls(String channel) {
        return history.calls().stream()
                .filter(call -> call.channel().equals(channel))
                .count();
    }

    long events(Class<?> type) {
        return history.events().stream()
                .filter(each -> type.isInstance(each.event()))
                .count();
    }

    private long aggregates() {
        return history.calls().stream().map(Call::aggregate).distinct().count();
    }

    private Map<String, Integer> outcomes() {
        Map<String, Integer> outcomes = new TreeMap<>();
        history.calls().stream()
                .filter(call -> !call.channel().equals(Call.PROCESS))
                .forEach(call -> outcomes.merge(outcome(call.answer()), 1, Integer::sum));
        return outcomes;
    }

    private static String outcome(Answer answer) {
        return switch (answer) {
            case Decided decided when decided.replayed() -> "replayed";
            case Decided decided when decided.outcome() == Outcome.ACCEPTED -> "accepted";
            case Decided decided -> decided.code() == null ? "rejected" : decided.code();
            case Answer.Unknown unknown -> "(unknown)";
            case Answer.Refused(int status, String body) -> "(refused with %d)".formatted(status);
        };
    }
}
