package dev.annals.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An instance of a process in words, from what the query service says of it. */
final class InstanceText {

    private InstanceText() {}

    /** How it stands. */
    static List<String> of(String process, JsonNode instance) {
        List<String> lines = new ArrayList<>();
        lines.add("%s %s: %s, version %s"
                .formatted(
                        process,
                        instance.path("id").asText(),
                        instance.path("status").asText(),
                        instance.path("version").asText()));
        if (instance.path("reason").isTextual()) {
            lines.add("  reason      " + instance.path("reason").asText());
        }
        lines.add("  state       " + instance.path("state"));
        for (JsonNode timer : instance.path("timers")) {
            lines.add("  timer       %s at %s"
                    .formatted(timer.path("timer").asText(), timer.path("time").asText()));
        }
        for (JsonNode command : instance.path("unanswered")) {
            lines.add("  unanswered  %s: %s to %s %s"
                    .formatted(
                            command.path("commandId").asText(),
                            simple(command.path("type").asText()),
                            command.path("aggregateType").asText(),
                            command.path("aggregateId").asText()));
        }
        return lines;
    }

    /** One entry of its journal: what came, and below it what it did. */
    static List<String> entry(JsonNode entry) {
        JsonNode data = entry.path("data");
        List<String> lines = new ArrayList<>();
        String what = entry.path("erased").asBoolean() ? "erased" : input(data.path("input"));
        lines.add("%s  %s  %s"
                .formatted(entry.path("version").asText(), entry.path("time").asText(""), what));
        data.path("effects").forEach(effect -> lines.add("     " + effect(effect)));
        if (data.path("failure").isTextual()) {
            lines.add("     is parked: " + data.path("failure").asText());
        }
        if (data.path("skipped").isTextual()) {
            lines.add("     passes it over: " + data.path("skipped").asText());
        }
        return lines;
    }

    private static String input(JsonNode choice) {
        JsonNode input = member(choice).getValue();
        return switch (member(choice).getKey()) {
            case "Happened" -> {
                List<String> names = new ArrayList<>();
                input.path("events").forEach(event -> names.add(shown(event)));
                yield "%s %s version %s: %s"
                        .formatted(
                                input.path("type").asText(),
                                input.path("aggregateId").asText(),
                                input.path("version").asText(),
                                String.join(", ", names));
            }
            case "Answered" ->
                "answer to command %s: %s%s"
                        .formatted(
                                input.path("number").asText(),
                                input.path("outcome").asText(),
                                input.path("code").isTextual()
                                        ? " %s: %s"
                                                .formatted(
                                                        input.path("code").asText(),
                                                        input.path("message").asText(""))
                                        : "");
            case "Due" -> "timer %s".formatted(input.path("timer").asText());
            default -> choice.toString(); // of a newer service
        };
    }

    private static String effect(JsonNode choice) {
        JsonNode effect = member(choice).getValue();
        return switch (member(choice).getKey()) {
            case "Send" ->
                "sends command %s to %s %s: %s"
                        .formatted(
                                effect.path("number").asText(),
                                effect.path("type").asText(),
                                effect.path("aggregateId").asText(),
                                shown(effect.path("command")));
            case "At" ->
                "sets timer %s for %s"
                        .formatted(
                                effect.path("timer").asText(),
                                effect.path("time").asText());
            case "Cancel" -> "forgets timer %s".formatted(effect.path("timer").asText());
            case "End" -> "ends";
            default -> choice.toString();
        };
    }

    private static String shown(JsonNode choice) {
        Map.Entry<String, JsonNode> record = member(choice);
        return record.getValue().isEmpty() ? record.getKey() : record.getKey() + " " + record.getValue();
    }

    /** Which record it is, and the record. */
    private static Map.Entry<String, JsonNode> member(JsonNode choice) {
        return choice.properties().stream().findFirst().orElse(Map.entry("", choice));
    }

    private static String simple(String fullName) {
        return fullName.substring(fullName.lastIndexOf('.') + 1);
    }
}
