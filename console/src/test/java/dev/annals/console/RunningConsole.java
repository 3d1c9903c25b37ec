package dev.annals.console;

import dev.annals.service.Service;
import dev.annals.service.Settings;
import dev.annals.service.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A console on a free port, and a client. */
final class RunningConsole implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Service service = new Service("console");
    private final HttpServer http;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    RunningConsole(Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("annals.http.port", "0");
        http = ConsoleService.start(service, Settings.of(all));
    }

    static RunningConsole withQueries(String... urls) {
        return new RunningConsole(Map.of("annals.console.query.urls", String.join(",", urls)));
    }

    String url() {
        return "http://127.0.0.1:" + http.port();
    }

    int port() {
        return http.port();
    }

    HttpServer http() {
        return http;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + path)).timeout(LIMIT);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        client.shutdownNow();
        service.close();
    }
}
