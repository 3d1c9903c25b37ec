package dev.annals.checker.check;

import dev.annals.checker.history.Call;
import dev.annals.checker.history.LoggedStep;
import dev.annals.engine.kafka.EventKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the journals of processes say, and whether it is what they have sent; when all is quiet, so each instance has
 * ended. What became of their commands is checked as that of all others: they are calls, see {@link Call#ofProcess}.
 */
final class ProcessCheck {

    private ProcessCheck() {}

    static void check(List<LoggedStep> journal, List<Call> calls, Findings findings) {
        Map<String, List<LoggedStep>> instances = new LinkedHashMap<>();
        Set<String> said = new LinkedHashSet<>();
        for (LoggedStep step : journal) {
            EventKey key = EventKey.parse(step.key());
            String instance = step.process() + "/" + key.aggregateId();
            List<LoggedStep> steps = instances.computeIfAbsent(instance, any -> new ArrayList<>());
            steps.add(step);
            if (key.version() != steps.size()) {
                findings.add(
                        Rule.JOURNAL,
                        instance,
                        "entry %d stands where %d belongs: %s".formatted(key.version(), steps.size(), step.entry()));
            }
            if (step.failure() != null) {
                findings.add(Rule.PARKED, instance, step.failure());
            }
            for (String id : step.sent()) {
                if (!said.add(id)) {
                    findings.add(Rule.JOURNAL, instance, id + " was sent before: " + step.entry());
                }
            }
        }
        instances.forEach((instance, steps) -> {
            if (!steps.getLast().ended()) {
                findings.add(
                        Rule.JOURNAL,
                        instance,
                        "it has not ended: " + steps.getLast().entry());
            }
        });
        checkCommands(said, calls, findings);
    }

    private static void checkCommands(Set<String> said, List<Call> calls, Findings findings) {
        Set<String> found = new LinkedHashSet<>();
        for (Call call : calls) {
            if (call.channel().equals(Call.PROCESS)) {
                if (!found.add(call.commandId())) {
                    findings.add(Rule.PROCESS_COMMANDS, call.aggregate(), "again: " + call.describe());
                }
                if (!said.contains(call.commandId())) {
                    findings.add(Rule.PROCESS_COMMANDS, call.aggregate(), "no journal has said so: " + call.describe());
                }
            }
        }
        said.stream()
                .filter(id -> !found.contains(id))
                .forEach(id ->
                        findings.add(Rule.PROCESS_COMMANDS, id, "a journal says that it was sent, no topic has it"));
    }
}
