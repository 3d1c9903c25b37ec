package dev.annals.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.operations.Instances;
import dev.annals.operations.ServiceClient;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code annals processes}: processes, their instances, and one of these with all that came to it. */
@Command(
        name = "processes",
        description = {
            "Lists the processes, the instances of one, or what came to one instance and what it did.",
            "An instance that is parked can't go on with an input, and says why; others go on meanwhile."
        },
        footer = {
            "",
            "Example: annals processes transfers --parked",
            "         annals processes transfers 4711",
            "         annals processes retry transfers 4711"
        },
        subcommands = {RetryInstanceCommand.class, SkipInputCommand.class})
final class ProcessesCommand extends Action implements Runnable {

    private static final int MAX_LIMIT = 100_000;

    @Mixin
    private final Target target = new Target();

    @Mixin
    private final QueryAddress queries = new QueryAddress();

    @Parameters(index = "0", arity = "0..1", paramLabel = "PROCESS", description = "For instance transfers")
    private @Nullable String process;

    @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "Of an instance")
    private @Nullable String id;

    @Option(names = "--parked", description = "Only instances that are parked")
    private boolean parked;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "The most instances, or entries of one, up to " + MAX_LIMIT + " (default: ${DEFAULT-VALUE})")
    private int limit;

    @Override
    public void run() {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw output.wrong("--limit %d: expected 1 to %d".formatted(limit, MAX_LIMIT));
        }
        if (parked && (process == null || id != null)) {
            throw output.wrong("--parked is about the instances of a process: name it, and no instance");
        }
        ServiceClient client = queries.client(target);
        if (process == null) {
            list(client.get(ServiceClient.path("v1", "processes")).path("items"));
        } else if (id == null) {
            instances(process, new Instances(client, process).list(parked, limit));
        } else {
            Instances of = new Instances(client, process);
            show(process, id, of.get(id), of.history(id, limit));
        }
    }

    private void list(JsonNode processes) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode each : processes) {
            rows.add(List.of(each.path("name").asText(), joined(each.path("follows")), joined(each.path("sendsTo"))));
        }
        output.print(
                processes,
                rows.isEmpty()
                        ? List.of("There are no processes.")
                        : Columns.of(List.of("PROCESS", "FOLLOWS", "SENDS TO"), rows));
    }

    private static String joined(JsonNode names) {
        List<String> texts = new ArrayList<>();
        names.forEach(name -> texts.add(name.asText()));
        return String.join(", ", texts);
    }

    private void instances(String of, List<JsonNode> found) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode each : found) {
            rows.add(List.of(
                    each.path("id").asText(),
                    each.path("status").asText(),
                    each.path("version").asText(),
                    each.path("time").asText(""),
                    each.path("reason").asText("")));
        }
        output.print(
                found,
                rows.isEmpty()
                        ? List.of("There are no such instances of %s.".formatted(of))
                        : Columns.of(List.of("ID", "STATUS", "VERSION", "LAST INPUT", "REASON"), rows));
        found.stream()
                .filter(each -> each.path("status").asText().equals("PARKED"))
                .findFirst()
                .ifPresent(each -> explainParked(of, each.path("id").asText()));
    }

    private void show(String of, String instance, JsonNode now, List<JsonNode> history) {
        ArrayNode entries = JsonNodeFactory.instance.arrayNode().addAll(history);
        List<String> lines = new ArrayList<>(InstanceText.of(of, now));
        history.forEach(entry -> lines.addAll(InstanceText.entry(entry)));
        if (now.path("version").asLong() > history.size()) {
            lines.add("and more (--limit)");
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("instance", now);
        json.set("history", entries);
        output.print(json, lines);
        if (now.path("status").asText().equals("PARKED")) {
            explainParked(of, instance);
        }
    }

    private void explainParked(String of, String instance) {
        output.explain("When the cause is mended, have %s try again, or pass over the input:".formatted(instance));
        output.explain("  " + target.hint("processes retry %s %s".formatted(of, instance)));
        output.explain("  " + target.hint("processes skip %s %s --reason TEXT".formatted(of, instance)));
    }
}
