package dev.annals.checker.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.service.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an installation answers to: the routes from their published page, which tests hold to the services; commands
 * with their examples, views with their filters, and parameters from the services' OpenAPI documents. So what is new
 * gets inputs without a word here.
 *
 * @param routes of each service, those that every one has among them
 * @param commands JSON examples by command by type
 * @param views that can be listed
 * @param parameters of queries, by every name that is known anywhere
 */
record Catalog(
        Map<Target, List<Route>> routes,
        Map<String, Map<String, JsonNode>> commands,
        List<String> views,
        List<String> processes,
        List<String> parameters) {

    private static final String OF_ALL = "Every service";
    private static final Pattern ROW = Pattern.compile("\\| `(?<method>[A-Z]+) (?<path>[^`]+)` \\|.*");
    private static final Pattern COMMAND = Pattern.compile("/v1/(?<type>[^/{}]+)/\\{id}/(?<command>[^/{}]+)");
    private static final Pattern LIST = Pattern.compile("/v1/(?<name>[^/{}]+)");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** What is well-formed there is an operator's word, and takes seconds or minutes: views built anew, topics read. */
    private static final Set<String> LEFT_OUT = Set.of(
            "/v1/views/{view}/replay", "/v1/views/{view}/replaced", "/v1/views/{view}/skip", "/v1/dead-letters/{type}");

    /** @param page {@code docs/reference/routes.md} */
    static Catalog read(Path page, Map<Target, URI> addresses, Map<String, String> headers)
            throws IOException, InterruptedException {
        Map<Target, JsonNode> documents = new EnumMap<>(Target.class);
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (Map.Entry<Target, URI> each : addresses.entrySet()) {
                documents.put(each.getKey(), document(client, each.getValue(), headers));
            }
        }
        JsonNode ofCommands =
                documents.getOrDefault(Target.COMMAND, Json.mapper().nullNode());
        JsonNode ofQueries = documents.getOrDefault(Target.QUERY, Json.mapper().nullNode());
        Set<String> lists = new LinkedHashSet<>();
        ofQueries.path("paths").fieldNames().forEachRemaining(path -> {
            Matcher matcher = LIST.matcher(path);
            if (matcher.matches()) {
                lists.add(matcher.group("name"));
            }
        });
        List<String> views = new ArrayList<>(lists);
        views.removeAll(List.of("views", "processes"));
        return new Catalog(
                routes(Files.readAllLines(page)),
                commands(ofCommands),
                views,
                List.copyOf(processes(addresses, headers)),
                List.copyOf(parameters(documents.values())));
    }

    private static JsonNode document(HttpClient client, URI service, Map<String, String> headers)
            throws IOException, InterruptedException {
        return get(client, service.resolve("/openapi.json"), headers);
    }

    private static JsonNode get(HttpClient client, URI address, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(LIMIT);
        headers.forEach(request::header);
        HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException("%s answered %d".formatted(address, response.statusCode()));
        }
        return Json.mapper().readTree(response.body());
    }

    static Map<Target, List<Route>> routes(List<String> page) {
        Map<Target, List<Route>> routes = new EnumMap<>(Target.class);
        for (Target each : Target.values()) {
            routes.put(each, new ArrayList<>());
        }
        String section = "";
        for (String line : page) {
            section = line.startsWith("## ") ? line.substring(3) : section;
            Matcher row = ROW.matcher(line);
            if (row.matches() && !LEFT_OUT.contains(row.group("path"))) {
                for (Map.Entry<Target, List<Route>> each : routes.entrySet()) {
                    if (section.equals(OF_ALL) || section.equals(each.getKey().heading())) {
                        each.getValue().add(new Route(row.group("method"), row.group("path")));
                    }
                }
            }
        }
        return routes;
    }

    private static Map<String, Map<String, JsonNode>> commands(JsonNode document) {
        Map<String, Map<String, JsonNode>> commands = new TreeMap<>();
        document.path("paths").forEachEntry((path, methods) -> {
            Matcher matcher = COMMAND.matcher(path);
            JsonNode example = methods.at("/post/requestBody/content/application~1json/example");
            if (matcher.matches() && example.isObject()) {
                commands.computeIfAbsent(matcher.group("type"), type -> new TreeMap<>())
                        .put(matcher.group("command"), example);
            }
        });
        return commands;
    }

    private static Set<String> processes(Map<Target, URI> addresses, Map<String, String> headers)
            throws IOException, InterruptedException {
        Set<String> names = new TreeSet<>();
        URI service = addresses.get(Target.PROCESS);
        if (service != null) {
            try (HttpClient client = HttpClient.newHttpClient()) {
                get(client, service.resolve("/v1/processes"), headers)
                        .path("processes")
                        .forEach(process -> names.add(process.path("process")
                                .asText(process.path("name").asText())));
            }
        }
        return names;
    }

    private static Set<String> parameters(Iterable<JsonNode> documents) {
        Set<String> names = new TreeSet<>();
        for (JsonNode document : documents) {
            for (JsonNode parameter : document.findValues("parameters")) {
                parameter.forEach(each -> {
                    if (each.path("in").asText().equals("query")) {
                        names.add(each.path("name").asText());
                    }
                });
            }
        }
        return names;
    }

    List<String> types() {
        return List.copyOf(commands.keySet());
    }
}
