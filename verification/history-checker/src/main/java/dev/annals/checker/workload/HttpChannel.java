package dev.annals.checker.workload;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.checker.history.Answer;
import dev.annals.checker.history.Answer.Decided;
import dev.annals.checker.history.Call;
import dev.annals.engine.deciding.CommandResult.AppendedEvent;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.json.AvroToJson;
import dev.annals.service.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Commands over HTTP, to one instance. */
final class HttpChannel implements AutoCloseable {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
    private static final int WAIT_SECONDS = 4;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(WAIT_SECONDS + 2);

    private final String name;
    private final URI address;
    private final @Nullable Principal principal;
    private volatile HttpClient client = newClient();

    /** @param principal who has a token; null where nobody is asked for one */
    HttpChannel(String name, URI address, @Nullable Principal principal) {
        this.name = name;
        this.address = address;
        this.principal = principal;
    }

    private static HttpClient newClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_LIMIT)
                .build();
    }

    /** Closes all connections, also those whose answers are awaited. */
    void cut() {
        HttpClient old = client;
        client = newClient();
        old.shutdownNow();
    }

    /** Waits for the answer, within a limit. Thread-safe. */
    Call send(Request request) throws InterruptedException {
        return send(request, ANSWER_LIMIT);
    }

    /** As {@link #send(Request)}, within another limit. */
    Call send(Request request, Duration limit) throws InterruptedException {
        HttpRequest http = http(request, limit);
        long invoked = System.nanoTime();
        Answer answer;
        try {
            answer = answer(client.send(http, BodyHandlers.ofString(UTF_8)));
        } catch (IOException e) {
            answer = new Answer.Unknown(e.toString());
        }
        return request.answered(name, invoked, answer, false);
    }

    private HttpRequest http(Request request, Duration limit) {
        String body = AvroToJson.toTree(request.avro()).toString();
        HttpRequest.Builder http = HttpRequest.newBuilder(address.resolve("/v1/%s/%s"
                        .formatted(
                                request.aggregate(), request.avro().getSchema().getName())))
                .timeout(limit)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", request.commandId())
                .header("Prefer", "wait=" + WAIT_SECONDS)
                .header("traceparent", request.trace())
                .POST(BodyPublishers.ofString(body));
        if (principal != null) {
            http.header("Authorization", "Bearer " + principal.token());
        }
        Long expected = request.expectedVersion();
        if (expected != null && expected == 0) {
            http.header("If-None-Match", "*");
        } else if (expected != null) {
            http.header("If-Match", "\"" + expected + "\"");
        }
        return http.build();
    }

    private static Answer answer(HttpResponse<String> response) {
        return switch (response.statusCode()) {
            case 200, 201 -> accepted(response);
            case 409, 412, 500 -> problem(response);
            case 202, 503 -> new Answer.Unknown(response.statusCode() + " " + response.body());
            default -> new Answer.Refused(response.statusCode(), response.body());
        };
    }

    private static Answer accepted(HttpResponse<String> response) {
        JsonNode body = json(response);
        List<AppendedEvent> events = new ArrayList<>();
        body.path("events")
                .forEach(event -> events.add(new AppendedEvent(
                        event.path("type").asText(), event.path("version").asLong())));
        return new Decided(Outcome.ACCEPTED, body.path("version").asLong(), events, null, null, isReplayed(response));
    }

    /** Of a command that was decided; anything else with such a status is a refusal. */
    private static Answer problem(HttpResponse<String> response) {
        JsonNode body = json(response);
        if (!body.hasNonNull("outcome")) {
            return new Answer.Refused(response.statusCode(), response.body());
        }
        return new Decided(
                Outcome.valueOf(body.path("outcome").asText().toUpperCase(Locale.ROOT)),
                body.path("version").asLong(),
                List.of(),
                text(body, "code"),
                text(body, "detail"),
                isReplayed(response));
    }

    private static @Nullable String text(JsonNode body, String field) {
        return body.hasNonNull(field) ? body.path(field).asText() : null;
    }

    private static boolean isReplayed(HttpResponse<?> response) {
        return response.headers().firstValue("Idempotent-Replayed").isPresent();
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return Json.mapper().readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no JSON with status " + response.statusCode() + ": " + response.body(), e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
