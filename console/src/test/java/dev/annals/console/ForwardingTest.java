package dev.annals.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.annals.testsupport.http.FakeService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ForwardingTest {

    @Test
    void an_answer_comes_as_the_service_gives_it() throws Exception {
        try (FakeService query = new FakeService().answer(404, "{\"code\":\"aggregate-not-found\"}");
                RunningConsole console = RunningConsole.withQueries(query.url())) {
            HttpResponse<String> answer = console.get("/api/query/v1/orders/a~2Fb%3A1/events?from=3&limit=2");

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("aggregate-not-found");
            assertThat(query.requests()).singleElement().satisfies(request -> {
                assertThat(request.method()).isEqualTo("GET");
                assertThat(request.target()).isEqualTo("/v1/orders/a~2Fb%3A1/events?from=3&limit=2");
            });
        }
    }

    @Test
    void a_command_goes_with_its_body_and_the_headers_that_belong_to_it() throws Exception {
        try (FakeService command = new FakeService().answer(200, "{}");
                RunningConsole console = new RunningConsole(Map.of("annals.console.command.urls", command.url()))) {
            console.send(console.request("/api/command/v1/accounts/ada/Deposit")
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", "payday-1")
                    .header("If-Match", "\"2\"")
                    .header("Authorization", "Bearer abc")
                    .POST(BodyPublishers.ofString("{\"amount\":\"1\"}")));

            assertThat(command.requests()).singleElement().satisfies(request -> {
                assertThat(request.body()).isEqualTo("{\"amount\":\"1\"}");
                assertThat(request.headers())
                        .containsEntry("Idempotency-Key", "payday-1")
                        .containsEntry("If-Match", "\"2\"")
                        .containsEntry("Authorization", "Bearer abc")
                        .containsEntry("Content-Type", "application/json");
            });
        }
    }

    /** What instances say to each other would be believed; cookies and addresses are nobody's business. */
    @Test
    void headers_of_instances_of_browsers_and_of_one_connection_stay_here() throws Exception {
        try (FakeService query = new FakeService().answer(200, "{}");
                RunningConsole console = RunningConsole.withQueries(query.url())) {
            String answer = raw(console, """
                    GET /api/query/v1/views HTTP/1.1
                    Host: localhost
                    X-Annals-Hop: 1
                    X-Annals-Partitions: 1,2
                    X-Annals-Standby: 1
                    Cookie: a=b
                    X-Forwarded-For: 192.0.2.1
                    TE: trailers
                    Proxy-Authorization: Basic eA==
                    Keep-Alive: timeout=5
                    X-Mine: 1
                    Connection: close, X-Mine

                    """);

            assertThat(answer).startsWith("HTTP/1.1 200");
            assertThat(query.requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request.headers())
                            .doesNotContainKeys(
                                    "X-Annals-Hop",
                                    "X-Annals-Partitions",
                                    "X-Annals-Standby",
                                    "Cookie",
                                    "X-Forwarded-For",
                                    "TE",
                                    "Proxy-Authorization",
                                    "Keep-Alive",
                                    "X-Mine"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/query/internal/kafka",
                "/api/query/metrics",
                "/api/query/v1/../internal/kafka",
                "/api/query/v1/%2e%2e/internal/kafka",
                "/api/query/v1/.%2E/internal/kafka",
                "/api/query/v1/..;x=1/internal/kafka",
                "/api/query//internal/kafka",
                "/api/elsewhere/v1/views"
            })
    void what_is_not_public_is_not_forwarded(String path) throws Exception {
        try (FakeService query = new FakeService();
                RunningConsole console = RunningConsole.withQueries(query.url())) {
            String answer = raw(console, "GET " + path + " HTTP/1.1\nHost: localhost\nConnection: close\n\n");

            assertThat(answer).matches("(?s)HTTP/1.1 40[04].*");
            assertThat(query.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE"})
    void read_only_sends_nothing_that_changes_something(String method) throws Exception {
        try (FakeService command = new FakeService().answer(200, "{}");
                RunningConsole console = new RunningConsole(
                        Map.of("annals.console.command.urls", command.url(), "annals.console.read.only", "true"))) {
            HttpResponse<String> refused = console.send(console.request("/api/command/v1/orders/o-1")
                    .method(method, BodyPublishers.ofString("{}"))
                    .header("Content-Type", "application/json"));

            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("\"read-only\"", "annals.console.read.only");
            assertThat(command.requests()).isEmpty();
            assertThat(console.get("/api/command/v1/commands/c-1").statusCode()).isEqualTo(200);
            assertThat(console.get("/api/console").body()).contains("\"readOnly\":true");
        }
    }

    /** The console would lend such a page its place on the loopback. */
    @Test
    void a_page_of_another_origin_sends_nothing_and_another_name_reads_nothing() throws Exception {
        try (FakeService command = new FakeService();
                RunningConsole console = new RunningConsole(Map.of("annals.console.command.urls", command.url()))) {
            HttpResponse<String> sent = console.send(console.request("/api/command/v1/accounts/ada/Deposit")
                    .header("Content-Type", "text/plain")
                    .header("Origin", "https://elsewhere.example")
                    .POST(BodyPublishers.ofString("{}")));
            String read = raw(
                    console, "GET /api/command/v1/commands/c HTTP/1.1\nHost: elsewhere.example\nConnection: close\n\n");

            assertThat(sent.statusCode()).isEqualTo(403);
            assertThat(read).startsWith("HTTP/1.1 421");
            assertThat(command.requests()).isEmpty();
        }
    }

    @Test
    void where_an_instance_is_away_the_next_one_is_asked_and_goes_on_to_be() throws Exception {
        String away = "http://127.0.0.1:" + closedPort();
        try (FakeService query = new FakeService().answer(200, "{\"a\":1}").answer(200, "{\"a\":2}");
                RunningConsole console = RunningConsole.withQueries(away, query.url())) {
            assertThat(console.get("/api/query/v1/views").body()).isEqualTo("{\"a\":1}");
            assertThat(console.get("/api/query/v1/views").body()).isEqualTo("{\"a\":2}");
        }
    }

    @Test
    void where_none_answers_that_is_said() throws Exception {
        try (RunningConsole console = RunningConsole.withQueries("http://127.0.0.1:" + closedPort())) {
            HttpResponse<String> answer = console.get("/api/query/v1/views");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            assertThat(answer.body()).contains("\"service-away\"", "no query service answers");
        }
    }

    /** It may have taken effect. */
    @Test
    void a_command_whose_answer_breaks_off_is_not_sent_to_another_one() throws Exception {
        try (BreakingOff one = new BreakingOff();
                BreakingOff other = new BreakingOff();
                RunningConsole console = new RunningConsole(Map.of(
                        "annals.console.command.urls", one.url() + "," + other.url(),
                        "annals.console.query.urls", one.url() + "," + other.url()))) {
            HttpResponse<String> answer = console.send(console.request("/api/command/v1/accounts/ada/Deposit")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{}")));
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("\"no-answer\"");
            assertThat(one.asked.get() + other.asked.get()).isEqualTo(1);

            assertThat(console.get("/api/query/v1/views").statusCode()).isEqualTo(503);
            assertThat(one.asked.get())
                    .as("what changes nothing is asked of both")
                    .isPositive();
            assertThat(other.asked.get()).isPositive();
        }
    }

    @Test
    void live_events_are_passed_on_as_they_come() throws Exception {
        CountDownLatch firstWasSeen = new CountDownLatch(1);
        try (Live query = new Live(firstWasSeen);
                RunningConsole console = RunningConsole.withQueries(query.url())) {
            HttpResponse<InputStream> answer = console.client()
                    .send(
                            console.request("/api/query/v1/orders/o-1/events")
                                    .header("Accept", "text/event-stream")
                                    .header("Last-Event-ID", "7")
                                    .build(),
                            BodyHandlers.ofInputStream());
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
                assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
                assertThat(lines.readLine()).isEqualTo("id: 8");
                firstWasSeen.countDown(); // only now the second one is written
                assertThat(lines.readLine()).isEmpty();
                assertThat(lines.readLine()).isEqualTo("id: 9");
            }
            assertThat(query.lastEventId).isEqualTo("7");
        }
    }

    @Test
    void there_is_a_limit_to_live_answers() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Live query = new Live(never);
                RunningConsole console = new RunningConsole(
                        Map.of("annals.console.query.urls", query.url(), "annals.console.live.answers", "1"))) {
            HttpResponse<InputStream> first = console.client()
                    .send(console.request("/api/query/v1/orders/o-1/events").build(), BodyHandlers.ofInputStream());
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(first.body(), UTF_8))) {
                assertThat(lines.readLine()).isEqualTo("id: 8");
                assertThat(console.get("/api/query/v1/orders/o-1/events").statusCode())
                        .isEqualTo(503);
            }
            never.countDown();
        }
    }

    @Test
    void the_state_of_each_instance_is_told() throws Exception {
        String away = "http://127.0.0.1:" + closedPort();
        try (FakeService ready = new FakeService().answer(200, "{\"status\":\"ready\"}");
                FakeService broken =
                        new FakeService().answer(503, "{\"status\":\"not ready\",\"reasons\":[\"no broker\"]}");
                RunningConsole console = new RunningConsole(Map.of(
                        "annals.console.query.urls",
                        ready.url() + "," + away,
                        "annals.console.command.urls",
                        broken.url(),
                        "annals.console.projector.urls",
                        away,
                        "annals.console.process.urls",
                        away))) {
            String states = console.send(console.request("/api/services").header("Authorization", "Bearer abc"))
                    .body();

            assertThat(states)
                    .contains("\"address\":\"%s\",\"status\":\"ready\"".formatted(ready.url()))
                    .contains("\"status\":\"not ready\",\"reasons\":[\"no broker\"]")
                    .contains("\"address\":\"%s\",\"status\":\"away\"".formatted(away));
            assertThat(ready.requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request.headers()).containsEntry("Authorization", "Bearer abc"));
        }
    }

    private static String raw(RunningConsole console, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), console.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Takes requests, and answers none of them. */
    private static final class BreakingOff implements AutoCloseable {

        private final HttpServer server;
        private final AtomicInteger asked = new AtomicInteger();

        BreakingOff() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                asked.incrementAndGet();
                exchange.close();
            });
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    /** Sends an event, and another one when it may. */
    private static final class Live implements AutoCloseable {

        private final HttpServer server;
        private volatile String lastEventId = "";

        Live(CountDownLatch second) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> {
                try (exchange) {
                    String id = exchange.getRequestHeaders().getFirst("Last-Event-ID");
                    lastEventId = id == null ? "" : id;
                    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write("id: 8\n\n".getBytes(UTF_8));
                    exchange.getResponseBody().flush();
                    if (second.await(20, TimeUnit.SECONDS)) {
                        exchange.getResponseBody().write("id: 9\n\n".getBytes(UTF_8));
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
