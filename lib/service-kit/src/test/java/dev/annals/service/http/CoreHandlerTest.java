package dev.annals.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.access.AccessControl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who answers what: the core handler says "core", Javalin's routes of the same templates say "javalin". */
class CoreHandlerTest {

    private static final String HOST = "Host: localhost:8080";
    private static final ServiceMetrics METRICS = new ServiceMetrics();
    private static HttpServer server;

    @BeforeAll
    static void start() {
        ServiceConfig config = ServiceConfig.of(
                Settings.of(Map.of(
                        "kafka.bootstrap.servers",
                        "localhost:1",
                        "annals.http.port",
                        "0",
                        "annals.http.cors.origins",
                        "https://shop.example")),
                0);
        server = HttpServer.start(
                config,
                METRICS,
                List::of,
                JsonNodeFactory.instance::objectNode,
                AccessControl.none(),
                routes -> routes.get("/v1/{view}/{key}", ctx -> ctx.result("javalin"), RouteAccess.OPEN)
                        .post(
                                "/v1/{type}/{id}/{command}",
                                ctx -> ctx.result(ctx.body().length() + "javalin"),
                                RouteAccess.OPEN)
                        .get("/v1/{view}", ctx -> ctx.result("javalin"), RouteAccess.OPEN),
                List.of(
                        new CoreRoute("GET", "/v1/{view}/{key}", RouteAccess.OPEN, CoreHandlerTest::answer),
                        new CoreRoute("POST", "/v1/{type}/{id}/{command}", RouteAccess.OPEN, CoreHandlerTest::answer)));
    }

    private static @Nullable CompletionStage<Response> answer(CoreRoute.Request request) {
        return switch (request.parameters().getLast()) {
            case "elsewhere" -> null;
            case "refused" -> throw ProblemException.of(409, "refused", "no").withHeader("Retry-After", "1");
            case "fails" -> CompletableFuture.failedStage(new IllegalStateException("secret"));
            default ->
                CompletableFuture.completedStage(Response.json(json -> json.writeString("core " + request.parameters()
                        + " " + new String(request.body(), UTF_8) + " " + request.all("X-Two"))));
        };
    }

    @AfterAll
    static void stop() {
        server.close();
        METRICS.close();
    }

    private static String send(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static String get(String path, String... headers) throws IOException {
        return send("GET %s HTTP/1.1\r\n%s\r\nConnection: close\r\n\r\n".formatted(path, String.join("\r\n", headers)));
    }

    private static String post(String body, String... headers) throws IOException {
        return send("POST /v1/orders/7/PlaceOrder HTTP/1.1\r\n%s\r\nConnection: close\r\n%s\r\n\r\n%s"
                .formatted(HOST, String.join("\r\n", headers), body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Some: thing", "Accept: */*", "Accept: application/json", "User-Agent: curl/8"})
    void a_plain_request_is_answered_on_the_core(String header) throws Exception {
        String response = get("/v1/orders/a-1.b", HOST, header);

        assertThat(response).startsWith("HTTP/1.1 200").contains("core [orders, a-1.b]", "application/json");
        assertThat(response).contains("Vary: Accept, Accept-Encoding\r\n", "Vary: Origin\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://shop.example",
                "Sec-Fetch-Site: same-origin",
                "Accept: text/html, application/json",
                "X-Annals-Hop: 1",
                "Transfer-Encoding: chunked\r\nX-Some: thing"
            })
    void what_is_more_than_plain_is_not(String header) throws Exception {
        String end = header.startsWith("Transfer") ? "0\r\n\r\n" : "";

        assertThat(post(end, header)).startsWith("HTTP/1.1 200").endsWith("0javalin");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/orders/7?min_version=2, javalin",
        "/v1/orders/a%20b, javalin",
        "/v1/orders/./7, method-not-allowed",
        "/v1/orders, javalin",
        "/v1/orders/elsewhere, javalin",
        "/v1/orders/, javalin",
        "/v2/orders/7, not-found"
    })
    void other_paths_are_not_either(String path, String answer) throws Exception {
        assertThat(get(path, HOST)).contains(answer).doesNotContain("core");
    }

    @Test
    void a_host_that_is_not_known_is_refused_all_the_same() throws Exception {
        assertThat(get("/v1/orders/7", "Host: evil.example"))
                .startsWith("HTTP/1.1 421")
                .contains("unknown-host");
    }

    @Test
    void a_body_comes_whole_and_headers_with_all_their_values() throws Exception {
        String body = "x".repeat(300_000) + "end";

        assertThat(post(body, "Content-Length: " + body.length(), "X-Two: a", "X-Two: b"))
                .startsWith("HTTP/1.1 200")
                .contains("core [orders, 7, PlaceOrder]", "xend [a, b]");
        assertThat(post("")).contains("core [orders, 7, PlaceOrder]  []");
    }

    @Test
    void a_body_over_the_limit_is_a_problem() throws Exception {
        int length = (int) HttpServer.MAX_BODY_BYTES + 1;

        assertThat(post("x".repeat(length), "Content-Length: " + length))
                .startsWith("HTTP/1.1 413")
                .contains("application/problem+json");
    }

    @Test
    void what_is_refused_or_fails_is_a_problem() throws Exception {
        assertThat(get("/v1/orders/refused", HOST))
                .startsWith("HTTP/1.1 409")
                .contains("Content-Type: application/problem+json\r\n", "Retry-After: 1", "\"code\":\"refused\"");
        assertThat(get("/v1/orders/fails", HOST))
                .startsWith("HTTP/1.1 500")
                .contains("internal-error")
                .doesNotContain("secret");
    }

    @Test
    void requests_are_timed_by_route_and_status() throws Exception {
        get("/v1/timed/7", HOST);

        assertThat(METRICS.scrape())
                .contains(
                        "annals_http_requests_seconds_count{method=\"GET\",route=\"/v1/{view}/{key}\",status=\"200\"}");
    }

    @Test
    void a_client_that_goes_in_the_middle_of_its_body_harms_nobody() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(("POST /v1/orders/7/PlaceOrder HTTP/1.1\r\n" + HOST + "\r\nContent-Length: 9\r\n\r\n{")
                            .getBytes(UTF_8));
        }
        assertThat(get("/v1/orders/7", HOST)).contains("core");
    }
}
