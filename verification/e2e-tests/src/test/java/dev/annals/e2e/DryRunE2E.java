package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a command would come to is what it comes to: random commands of every type, each tried first and then sent. The
 * process service does not run, since its commands would come in between.
 */
@Tag("heavy")
final class DryRunE2E {

    private static final int COMMANDS = Integer.getInteger("annals.dry-runs", 1_000);
    private static final long SEED = Long.getLong("annals.seed", 20261203);

    /** Few, so that commands meet what others have done, and enough for beginnings. */
    private static final int AGGREGATES = 25;

    private static final int LEAST_OF_EACH = 20;

    /** Where the example of the field's type is no right one; empty: null is. */
    private static final Map<String, List<String>> RIGHT = Map.of(
            "callsign", List.of("UAL1", "DLH2"),
            "star", List.of(),
            "origin", List.of("KSFO", "KLAX"),
            "destination", List.of("KSFO", "KLAX"),
            "channel", List.of("swim", "sbs"),
            "externalId", List.of("icao24:A6C75E", "fin:1"),
            "codeshare", List.of("DLH7", "UAL8"));

    private static final Pattern COMMAND = Pattern.compile("/v1/(?<type>[^/{}]+)/\\{id}/(?<command>[^/{}]+)");
    private static final JsonMapper JSON = new JsonMapper();

    private static Installation annals;

    @BeforeAll
    static void everything_but_processes_runs(@TempDir Path folder) throws Exception {
        annals = new Installation(folder);
        assertThat(annals.up().exitCode()).isZero();
        Installation.kill(annals.process("process service"));
    }

    @AfterAll
    static void everything_stops() throws Exception {
        annals.stop();
    }

    @TestFactory
    List<DynamicTest> a_dry_run_says_what_the_command_then_does() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        examples()
                .forEach(
                        (type, commands) -> tests.add(DynamicTest.dynamicTest(type, () -> tryAndSend(type, commands))));
        assertThat(tests).hasSizeGreaterThanOrEqualTo(6);
        return tests;
    }

    /** An example of each command, by type. */
    private static Map<String, Map<String, JsonNode>> examples() throws Exception {
        JsonNode paths = JSON.readTree(
                        annals.get(annals.commandsPort(), "/openapi.json").body())
                .path("paths");
        Map<String, Map<String, JsonNode>> examples = new TreeMap<>();
        paths.forEachEntry((path, methods) -> {
            Matcher matcher = COMMAND.matcher(path);
            JsonNode example = methods.at("/post/requestBody/content/application~1json/example");
            if (matcher.matches() && example.isObject()) {
                examples.computeIfAbsent(matcher.group("type"), type -> new TreeMap<>())
                        .put(matcher.group("command"), example);
            }
        });
        return examples;
    }

    private static void tryAndSend(String type, Map<String, JsonNode> commands) throws Exception {
        Random random = new Random(SEED + type.hashCode());
        Bodies bodies = new Bodies(random, commands);
        Map<Integer, Integer> statuses = new TreeMap<>();
        for (int i = 0; i < COMMANDS; i++) {
            String command = bodies.pick(List.copyOf(commands.keySet()));
            String path = "/v1/%s/%s/%s".formatted(type, id(type, random.nextInt(AGGREGATES)), command);
            String body = bodies.of(command).toString();
            String[] headers = headers(random, i);

            HttpResponse<String> tried = annals.post(path + "?dry-run=true", body, headers);
            HttpResponse<String> sent = annals.post(path, body, headers);

            String what = "%s %s %s: %s, then %s".formatted(path, body, List.of(headers), tried.body(), sent.body());
            assertThat(JSON.readTree(tried.body())).as(what).isEqualTo(JSON.readTree(sent.body()));
            statuses.merge(sent.statusCode(), 1, Integer::sum);
        }
        System.out.printf("%s: %s%n", type, statuses);
        int accepted = statuses.getOrDefault(200, 0) + statuses.getOrDefault(201, 0);
        assertThat(accepted).as("accepted of %s", statuses).isGreaterThan(LEAST_OF_EACH);
        assertThat(statuses.get(409)).as("rejected of %s", statuses).isGreaterThan(LEAST_OF_EACH);
    }

    private static String id(String type, int number) {
        return switch (type) {
            case "claims" -> "dry:" + number;
            case "flight-identities" -> "DRY" + number;
            default -> "dry-" + number;
        };
    }

    /** A command id now and then one that was used, and now and then a version that the aggregate is to have. */
    private static String[] headers(Random random, int number) {
        List<String> headers = new ArrayList<>(
                List.of("Idempotency-Key", "key-" + (random.nextInt(10) == 0 ? random.nextInt(number + 1) : number)));
        headers.addAll(List.of("Prefer", "return=representation"));
        if (random.nextInt(10) == 0) {
            headers.addAll(List.of("If-Match", "\"%d\"".formatted(random.nextInt(4))));
        }
        return headers.toArray(String[]::new);
    }

    /** Examples with values that others have had, so that commands meet what others have done. */
    private static final class Bodies {

        private final Random random;
        private final Map<String, JsonNode> examples;
        private final Map<String, List<JsonNode>> values = new HashMap<>();

        Bodies(Random random, Map<String, JsonNode> examples) {
            this.random = random;
            this.examples = examples;
            examples.values().forEach(this::remember);
        }

        <T> T pick(List<T> of) {
            return of.get(random.nextInt(of.size()));
        }

        private void remember(JsonNode node) {
            node.forEachEntry((name, value) -> {
                values.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
                if (value.isTextual()) {
                    values.get(name).add(JSON.getNodeFactory().textNode(value.asText() + "-2"));
                }
            });
            node.forEach(this::remember);
        }

        JsonNode of(String command) {
            return varied(examples.get(command).deepCopy());
        }

        private JsonNode varied(JsonNode node) {
            if (node instanceof ObjectNode object) {
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                names.forEach(name -> object.set(name, value(name, object.get(name))));
            } else if (node instanceof ArrayNode array) {
                array.forEach(this::varied);
                if (!array.isEmpty() && random.nextInt(4) == 0) {
                    array.add(varied(array.get(0).deepCopy()));
                }
            }
            return node;
        }

        private JsonNode value(String name, JsonNode example) {
            if (example.isContainerNode()) {
                return varied(example);
            }
            if (RIGHT.containsKey(name) && random.nextInt(8) > 0) {
                List<String> right = RIGHT.get(name);
                return right.isEmpty()
                        ? NullNode.getInstance()
                        : JSON.getNodeFactory().textNode(pick(right));
            }
            return switch (random.nextInt(6)) {
                case 0 -> pick(values.getOrDefault(name, List.of(example)));
                case 1 -> example.isIntegralNumber() ? IntNode.valueOf(random.nextInt(-1, 20)) : example;
                default -> example;
            };
        }
    }
}
