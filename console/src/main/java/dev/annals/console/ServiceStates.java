package dev.annals.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.service.http.Json;
import dev.annals.service.http.PeerClient;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Asks every instance of every service whether it is ready, all at once. Reasons are those that whoever asks may see:
 * their token goes along. Thread-safe.
 */
final class ServiceStates implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final int READY = 200;

    /**
     * One instance, as it is answered.
     *
     * @param status {@code ready}, {@code not ready}, or {@code away} where it does not answer
     * @param reasons why it is not ready; none where they are not to be seen
     */
    record InstanceState(String address, String status, List<String> reasons, List<String> warnings) {}

    /** The instances of a service. */
    record ServiceState(String service, List<InstanceState> instances) {}

    private final Map<Upstream, List<URI>> instances;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();

    ServiceStates(Map<Upstream, List<URI>> instances) {
        this.instances = instances;
    }

    /** Answers {@code GET /api/services}. */
    void answer(Context ctx) {
        String authorization = ctx.header("Authorization");
        Map<Upstream, List<CompletableFuture<InstanceState>>> asked = new LinkedHashMap<>();
        for (Upstream upstream : Upstream.values()) {
            asked.put(
                    upstream,
                    instances.getOrDefault(upstream, List.of()).stream()
                            .map(instance -> ask(instance, authorization))
                            .toList());
        }
        CompletableFuture<?>[] all =
                asked.values().stream().flatMap(List::stream).toArray(CompletableFuture[]::new);
        ctx.future(() -> CompletableFuture.allOf(all).thenRun(() -> {
            List<ServiceState> states = new ArrayList<>();
            asked.forEach((upstream, futures) -> states.add(new ServiceState(
                    upstream.path(),
                    futures.stream().map(CompletableFuture::join).toList())));
            ctx.json(Map.of("services", states));
        }));
    }

    private CompletableFuture<InstanceState> ask(URI instance, @Nullable String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(instance.resolve("/health/ready"));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return client.sendAsync(request.build(), PeerClient.wholeAnswer())
                .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(answer -> state(instance, answer))
                .exceptionally(failure ->
                        new InstanceState(instance.toString(), "away", List.of("it does not answer"), List.of()));
    }

    private static InstanceState state(URI instance, HttpResponse<byte[]> answer) {
        JsonNode body;
        try {
            body = Json.mapper().readTree(answer.body());
        } catch (IOException e) {
            body = Json.mapper().createObjectNode();
        }
        return new InstanceState(
                instance.toString(),
                answer.statusCode() == READY ? "ready" : "not ready",
                texts(body.path("reasons")),
                texts(body.path("warnings")));
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
