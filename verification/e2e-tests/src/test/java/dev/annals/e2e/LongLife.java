package dev.annals.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Stands in for a query service with one aggregate of very many events, which nobody has to write first. */
class LongLife implements AutoCloseable {

    static final String PATH = "/t/meters/long";

    private static final Pattern PARAMETER = Pattern.compile("(from|limit|version)=(\\d+)");
    private static final long OPEN_SECONDS = 120;

    private final int versions;
    private final HttpServer server;
    private final CountDownLatch end = new CountDownLatch(1);

    /** How many events were asked for at a time. */
    private final List<Integer> limits = new CopyOnWriteArrayList<>();

    LongLife(int versions) throws IOException {
        this(versions, null);
    }

    /** @param token without which it answers 401; null for none */
    LongLife(int versions, @Nullable String token) throws IOException {
        this.versions = versions;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/meters/long/state", exchange -> {
            if (token != null
                    && !("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                answer(exchange, 401, "{\"title\":\"Unauthenticated\",\"status\":401,\"code\":\"unauthenticated\"}");
                return;
            }
            int version = parameter(exchange, "version", versions);
            answer(exchange, "{\"id\":\"long\",\"version\":%d,\"state\":{\"reading\":%d}}".formatted(version, version));
        });
        server.createContext("/v1/meters/long/events", this::events);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Integer> limits() {
        return List.copyOf(limits);
    }

    private void events(HttpExchange exchange) throws IOException {
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        if (accept != null && accept.contains("text/event-stream")) {
            silence(exchange);
            return;
        }
        int from = parameter(exchange, "from", 1);
        int limit = parameter(exchange, "limit", 100);
        limits.add(limit);
        List<String> items = new ArrayList<>();
        for (int version = from; version < from + limit && version <= versions; version++) {
            items.addAll(items(version));
        }
        answer(exchange, "{\"items\":[%s],\"nextCursor\":null}".formatted(String.join(",", items)));
    }

    /** Of an event, as a history shows it: none where it has expired, several where it has parts. */
    List<String> items(int version) {
        return List.of(item(version, "test.MeterRead", ""));
    }

    /** @param more members, each with a comma before it */
    static String item(int version, String type, String more) {
        return ("{\"version\":%d,\"type\":\"%s\",\"time\":\"2026-01-01T00:00:00Z\",\"id\":\"meters/long/%d\","
                        + "\"data\":{\"reading\":%d},\"headers\":{}%s}")
                .formatted(version, type, version, version, more);
    }

    /** Live, and nothing comes. */
    private void silence(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(":\n\n".getBytes(UTF_8));
            exchange.getResponseBody().flush();
            boolean unused = end.await(OPEN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int parameter(HttpExchange exchange, String name, int otherwise) {
        String query = exchange.getRequestURI().getQuery();
        Matcher found = PARAMETER.matcher(query == null ? "" : query);
        while (found.find()) {
            if (found.group(1).equals(name)) {
                return Integer.parseInt(found.group(2));
            }
        }
        return otherwise;
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        answer(exchange, 200, json);
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        try (exchange) {
            byte[] body = json.getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
    }
}
