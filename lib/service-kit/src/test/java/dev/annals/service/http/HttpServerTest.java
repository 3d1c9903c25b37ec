package dev.annals.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.access.AccessControl;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private static final ServiceMetrics METRICS = new ServiceMetrics();
    private static volatile List<String> notReady = List.of();
    private static HttpServer server;

    @BeforeAll
    static void start() {
        ServiceConfig config = ServiceConfig.of(
                Settings.of(Map.of("kafka.bootstrap.servers", "localhost:1", "annals.http.port", "0")), 0);
        server = HttpServer.start(
                config,
                METRICS,
                () -> notReady,
                () -> JsonNodeFactory.instance.objectNode().put("openapi", "3.1.0"),
                AccessControl.none(),
                routes -> routes.post("/echo/{id}", ctx -> ctx.result(Requests.jsonBody(ctx)), RouteAccess.OPEN)
                        .get("/echo/{id}", ctx -> ctx.json(Map.of("id", ctx.pathParam("id"))), RouteAccess.OPEN)
                        .get(
                                "/limit",
                                ctx -> ctx.json(Requests.wholeNumber(ctx, "limit", 50, 1, 100)),
                                RouteAccess.OPEN)
                        .get(
                                "/bug",
                                ctx -> {
                                    throw new IllegalStateException("secret");
                                },
                                RouteAccess.OPEN)
                        .get(
                                "/later",
                                ctx -> ctx.future(() -> CompletableFuture.failedFuture(
                                        ProblemException.of(503, "kafka-away", "try again")
                                                .withHeader("Retry-After", "1"))),
                                RouteAccess.OPEN),
                List.of(new CoreRoute(
                        "POST",
                        "/core",
                        RouteAccess.OPEN,
                        request -> CompletableFuture.completedStage(
                                Response.json(json -> json.writeNumber(request.body().length))))));
    }

    @AfterAll
    static void stop() {
        server.close();
        METRICS.close();
    }

    @Test
    void an_unknown_path_is_a_problem() throws Exception {
        assertProblem(get("/nowhere"), 404, "not-found");
    }

    @Test
    void another_method_is_a_problem_that_says_what_is_allowed() throws Exception {
        HttpResponse<String> response = send(request("/echo/1").DELETE());

        assertProblem(response, 405, "method-not-allowed");
        assertThat(response.headers().firstValue("Allow"))
                .hasValueSatisfying(allow -> assertThat(allow).contains("GET").contains("POST"));
    }

    @Test
    void another_media_type_is_a_problem() throws Exception {
        HttpResponse<String> response =
                send(request("/echo/1").header("Content-Type", "text/xml").POST(BodyPublishers.ofString("<a/>")));

        assertThat(assertProblem(response, 415, "unsupported-media-type")
                        .path("detail")
                        .asText())
                .contains("application/json")
                .contains("text/xml");
    }

    @Test
    void a_body_over_the_limit_is_a_problem_also_when_its_length_is_not_announced() throws Exception {
        byte[] large = new byte[(int) HttpServer.MAX_BODY_BYTES + 1];

        assertProblem(send(request("/echo/1").POST(BodyPublishers.ofByteArray(large))), 413, "content-too-large");
        assertProblem(
                send(request("/echo/1").POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))),
                413,
                "content-too-large");
    }

    @Test
    void a_bug_is_a_problem_that_tells_nothing_of_the_inside() throws Exception {
        HttpResponse<String> response = get("/bug");

        assertProblem(response, 500, "internal-error");
        assertThat(response.body()).doesNotContain("secret");
    }

    @Test
    void a_failed_future_is_a_problem_with_its_headers() throws Exception {
        HttpResponse<String> response = get("/later");

        assertProblem(response, 503, "kafka-away");
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    }

    @Test
    void an_encoded_slash_reaches_the_handler() throws Exception {
        assertThat(get("/echo/a%2Fb").body()).isEqualTo("{\"id\":\"a/b\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "BREW"})
    void a_malformed_request_is_a_problem_too(String method) throws Exception {
        assertThat(answerTo(method + " /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json")
                .contains("\"status\":400");
    }

    /** Jetty itself refuses some, but none in a parameter of the path or in the query. */
    @ParameterizedTest
    @ValueSource(strings = {"/echo/x%aj", "/echo/x%", "/echo/%t%2f", "/echo/;x%/1", "/echo/1;p=%q", "/echo/1?limit=%"})
    void half_an_escape_is_the_clients_fault(String path) throws Exception {
        assertThat(answerTo("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json")
                .contains("\"status\":400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "BREW"})
    void headers_that_are_too_large_are_a_problem_too(String method) throws Exception {
        assertThat(answerTo(method + " / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431")
                .contains("application/problem+json")
                .contains("\"status\":431");
    }

    @Test
    void a_charset_that_nobody_has_is_not_looked_at() throws Exception {
        HttpResponse<String> response = send(request("/echo/1")
                .header("Content-Type", "application/json; charset=no-such-charset")
                .POST(BodyPublishers.ofString("{}")));

        assertThat(response.body()).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo/1", "/core"})
    void a_body_that_ends_early_is_the_clients_fault(String path) throws Exception {
        assertThat(answerTo("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{".formatted(path)))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json")
                .contains("\"status\":400");
    }

    /** To bytes behind which the client's side is closed. */
    private static String answerTo(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_wrong_parameter_is_named() throws Exception {
        JsonNode problem = assertProblem(get("/limit?limit=x"), 400, "invalid-parameter");

        assertThat(problem.path("parameter").asText()).isEqualTo("limit");
        assertThat(problem.path("detail").asText()).contains("1 to 100").contains("'x'");
    }

    @Test
    void readiness_says_why_not() throws Exception {
        notReady = List.of("orders: RESTORING");

        HttpResponse<String> response = get("/health/ready");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("orders: RESTORING");
        assertThat(get("/metrics").body()).contains("annals_ready 0.0");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);

        notReady = List.of();
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(get("/metrics").body()).contains("annals_ready 1.0");
    }

    @Test
    void requests_are_counted_by_route() throws Exception {
        get("/limit?limit=1");
        get("/limit?limit=2");

        assertThat(get("/metrics").body())
                .contains("annals_http_requests_seconds_count{method=\"GET\",route=\"/limit\",status=\"200\"} 2")
                .contains("jvm_memory_used_bytes");
    }

    /** A client's text in a tag would make a meter of each, and a meter stays for ever. */
    @Test
    void methods_that_clients_invent_make_no_meters() throws Exception {
        send(request("/health/live").method("INVENTED", BodyPublishers.noBody()));
        send(request("/health/live").header("X-HTTP-Method-Override", "INVENTED"));
        await().untilAsserted(() -> assertThat(METRICS.scrape()) // a request is counted after its answer
                .contains("method=\"other\"", "method=\"GET\",route=\"/health/live\""));
        int meters = requestMeters();

        for (int i = 0; i < 500; i++) {
            send(request("/health/live").method("X" + i, BodyPublishers.noBody()));
            send(request("/health/live").header("X-HTTP-Method-Override", "X" + i));
        }

        assertThat(requestMeters()).isEqualTo(meters);
        assertThat(get("/metrics").body()).contains("method=\"other\"").doesNotContain("X499");
    }

    /** The JVM's own come and go with what its collector does. */
    private static int requestMeters() {
        return METRICS.registry().find(HttpServer.REQUEST_METER).meters().size();
    }

    /** A proxy that lets GET through alone must be able to rely on it. */
    @Test
    void no_header_makes_another_method_of_a_request() throws Exception {
        HttpResponse<String> response = send(request("/echo/1").header("X-HTTP-Method-Override", "POST"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"id\":\"1\"}");
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    /** What became of it nobody knows: a 500 would say that it failed. */
    @Test
    void a_request_that_is_cut_off_when_the_server_stops_is_a_503() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        ServiceConfig config = ServiceConfig.of(
                Settings.of(Map.of("kafka.bootstrap.servers", "localhost:1", "annals.http.port", "0")), 0);
        HttpServer stopping = HttpServer.start(
                config,
                METRICS,
                List::of,
                JsonNodeFactory.instance::objectNode,
                AccessControl.none(),
                routes -> routes.get(
                        "/never",
                        ctx -> ctx.future(() -> {
                            arrived.countDown();
                            return new CompletableFuture<>();
                        }),
                        RouteAccess.OPEN));
        var response = client.sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/never".formatted(stopping.port())))
                        .build(),
                BodyHandlers.ofString());
        assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

        stopping.close();

        HttpResponse<String> answer = response.get(10, TimeUnit.SECONDS);
        assertProblem(answer, 503, "unavailable");
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode assertProblem(HttpResponse<String> response, int status, String code) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).isEqualTo("application/problem+json"));
        JsonNode problem = Json.mapper().readTree(response.body());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("code").asText()).isEqualTo(code);
        assertThat(problem.path("type").asText()).isEqualTo("urn:annals:problem:" + code);
        assertThat(problem.path("extensions").isMissingNode()).isTrue();
        return problem;
    }
}
