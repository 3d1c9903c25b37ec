package dev.annals.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.service.Service;
import dev.annals.service.Settings;
import dev.annals.service.http.HttpServer;
import dev.annals.service.http.Json;
import dev.annals.testsupport.kafka.KafkaCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A command service in this process, on a port of its own, with a client. */
final class Instance implements AutoCloseable {

    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(40);

    private final Service service;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Set<String> routes;
    private final String url;

    /** Whether each request asks for a little more than a plain one, so that it goes through servlets and Javalin. */
    private boolean throughServlets;

    private Instance(Service service, HttpServer http) {
        this.service = service;
        this.routes = http.routes();
        this.url = "http://127.0.0.1:" + http.port();
    }

    /** Starts without waiting until it is ready. */
    static Instance start(KafkaCluster kafka, String prefix, Path stateDir, Map<String, String> more) {
        return start(kafka.bootstrapServers(), kafka.registryUrl(), prefix, stateDir, more);
    }

    static Instance start(
            String bootstrapServers, String registryUrl, String prefix, Path stateDir, Map<String, String> more) {
        Map<String, String> settings = new LinkedHashMap<>(Map.of(
                "kafka.bootstrap.servers",
                bootstrapServers,
                "kafka.schema.registry.url",
                registryUrl,
                "annals.topics.prefix",
                prefix,
                "annals.state.dir",
                stateDir.toString(),
                "annals.stream.threads",
                "1",
                "annals.log.level",
                "WARN",
                "annals.http.port",
                "0"));
        settings.putAll(more);
        Service service = new Service("command-service");
        return new Instance(service, CommandService.start(service, Settings.of(settings)));
    }

    Instance awaitReady() {
        await().atMost(READY_LIMIT)
                .untilAsserted(() -> assertThat(get("/health/ready").body()).contains("\"ready\""));
        return this;
    }

    Instance throughServlets() {
        throughServlets = true;
        return this;
    }

    /** What it answers, as {@code GET /v1/commands/{commandId}}. */
    Set<String> routes() {
        return routes;
    }

    String url() {
        return url;
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) {
        try {
            return client.send(request(method, path, body, headers), BodyHandlers.ofString(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    CompletableFuture<HttpResponse<String>> postAsync(String path, String body, String... headers) {
        return client.sendAsync(request("POST", path, body, headers), BodyHandlers.ofString(UTF_8));
    }

    private HttpRequest request(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(REQUEST_LIMIT)
                .method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (throughServlets) {
            request.header("Accept", "application/json, application/problem+json");
        }
        return request.build();
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    HttpResponse<String> get(String path) {
        return send("GET", path, "");
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return Json.mapper().readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(response.body(), e);
        }
    }

    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Override
    public void close() {
        service.close();
        client.close();
    }
}
