package dev.annals.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.service.Service;
import dev.annals.service.http.HttpServer;
import dev.annals.service.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One running instance of the service, and a client for it. */
record Instance(Service service, HttpServer http) implements AutoCloseable {

    static final Duration READY_LIMIT = Duration.ofSeconds(40);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** An answer with its body as JSON; null for none. */
    record Response(int status, @Nullable String etag, String contentType, JsonNode json, HttpResponse<byte[]> raw) {

        String code() {
            return json.path("code").asText();
        }

        String detail() {
            return json.path("detail").asText();
        }
    }

    int port() {
        return http.port();
    }

    Response get(String path, String... headers) {
        try {
            return response(CLIENT.send(request(path, headers), HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Without a body; the status of the answer. */
    int post(String path, String... headers) {
        HttpRequest request = HttpRequest.newBuilder(request(path, headers), (name, value) -> true)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return CLIENT.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode)
                .join();
    }

    /** A body that is no JSON. */
    String text(String path) {
        try {
            return CLIENT.send(request(path), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An answer that is no JSON. */
    byte[] raw(String path) {
        try {
            return CLIENT.send(request(path), HttpResponse.BodyHandlers.ofByteArray())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    CompletableFuture<Response> getLater(String path) {
        return CLIENT.sendAsync(request(path), HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(Instance::response);
    }

    /** Opens the live events of a stream; see {@link LiveReader}. */
    LiveReader live(String path, String... headers) {
        String[] all = Stream.concat(Stream.of("Accept", "text/event-stream"), Stream.of(headers))
                .toArray(String[]::new);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .headers(all)
                .timeout(ANSWER_LIMIT)
                .build();
        try {
            return new LiveReader(CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(ANSWER_LIMIT);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    private static Response response(HttpResponse<byte[]> raw) {
        try {
            return new Response(
                    raw.statusCode(),
                    raw.headers().firstValue("ETag").orElse(null),
                    raw.headers().firstValue("Content-Type").orElse(""),
                    Json.mapper().readTree(raw.body()),
                    raw);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the path is found; for rows that were written a moment ago. */
    Response await(String path) {
        return Awaitility.await()
                .pollDelay(Duration.ZERO) // most rows are there already
                .atMost(Duration.ofSeconds(15))
                .until(() -> get(path), response -> response.status() == 200);
    }

    void awaitReady() {
        Awaitility.await().atMost(READY_LIMIT).until(() -> get("/health/ready").status() == 200);
    }

    @Override
    public void close() {
        service.close();
    }
}
