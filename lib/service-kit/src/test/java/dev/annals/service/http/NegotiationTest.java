package dev.annals.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.access.AccessControl;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import io.javalin.security.Roles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NegotiationTest {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ServiceMetrics METRICS = new ServiceMetrics();
    private static final String SHOP = "https://shop.example";
    private static HttpServer server;
    private static HttpServer open;

    @BeforeAll
    static void start() {
        server = start(SHOP + ", http://localhost:3000");
        open = start("*");
    }

    private static HttpServer start(String origins) {
        ServiceConfig config = ServiceConfig.of(
                Settings.of(Map.of(
                        "kafka.bootstrap.servers",
                        "localhost:1",
                        "annals.http.port",
                        "0",
                        "annals.http.cors.origins",
                        origins)),
                0);
        return HttpServer.start(
                config,
                METRICS,
                List::of,
                JsonNodeFactory.instance::objectNode,
                AccessControl.none(),
                NegotiationTest::routes);
    }

    private static void routes(RoutesConfig routes) {
        routes.get(
                "/row/{id}",
                ctx -> {
                    if (ctx.pathParam("id").equals("none")) {
                        throw ProblemException.of(404, "row-not-found", "no row");
                    }
                    ctx.header("ETag", "\"7\"").json(Map.of("id", ctx.pathParam("id")));
                },
                RouteAccess.OPEN);
        routes.get("/large", ctx -> ctx.json(Map.of("text", "x".repeat(10_000))), RouteAccess.OPEN);
        routes.post("/command", ctx -> ctx.json(Map.of("outcome", "accepted")), RouteAccess.OPEN);
        routes.addEndpoint(Endpoint.create(HandlerType.GET, "/events")
                .addMetadata(Produces.JSON_OR_EVENTS)
                .addMetadata(new Roles(Set.of(RouteAccess.OPEN)))
                .handler(ctx -> ctx.contentType("text/event-stream").result(":\n\n")));
    }

    @AfterAll
    static void stop() {
        CLIENT.close();
        server.close();
        open.close();
        METRICS.close();
    }

    private static HttpResponse<byte[]> send(HttpServer to, String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.port() + path))
                .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        return send(server, "GET", path, headers);
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String header(HttpResponse<?> response, String name) {
        return String.join(", ", response.headers().allValues(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/row/1", "/row/none", "/large", "/health/ready", "/openapi.json"})
    void head_is_answered_as_get_without_a_body(String path) throws Exception {
        HttpResponse<byte[]> get = get(path);
        HttpResponse<byte[]> head = send(server, "HEAD", path);

        assertThat(head.statusCode()).isEqualTo(get.statusCode());
        assertThat(head.body()).isEmpty();
        for (String name : List.of("Content-Type", "Content-Length", "ETag", "Vary")) {
            assertThat(header(head, name)).as(name).isEqualTo(header(get, name));
        }
    }

    @Test
    void head_of_what_is_not_there_says_so() throws Exception {
        assertThat(send(server, "HEAD", "/nowhere").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"7\"", "W/\"7\"", "\"6\", \"7\"", "*"})
    void who_has_it_already_is_told_so(String known) throws Exception {
        HttpResponse<byte[]> response = get("/row/1", "If-None-Match", known);

        assertThat(response.statusCode()).isEqualTo(304);
        assertThat(response.body()).isEmpty();
        assertThat(header(response, "ETag")).isEqualTo("\"7\"");
        assertThat(send(server, "HEAD", "/row/1", "If-None-Match", known).statusCode())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"8\"", "7", "\"77\""})
    void who_has_another_version_gets_this_one(String known) throws Exception {
        assertThat(get("/row/1", "If-None-Match", known).statusCode()).isEqualTo(200);
    }

    @Test
    void what_can_not_be_had_is_not_acceptable() throws Exception {
        HttpResponse<byte[]> response = get("/row/1", "Accept", "text/html");

        assertThat(response.statusCode()).isEqualTo(406);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(text(response)).contains("\"code\":\"not-acceptable\"").contains("application/json");
        assertThat(get("/row/1", "Accept", "text/event-stream").statusCode()).isEqualTo(406);
        assertThat(get("/metrics", "Accept", "image/png").statusCode()).isEqualTo(406);
        assertThat(send(server, "POST", "/command", "Accept", "text/html").statusCode())
                .isEqualTo(406);
    }

    @Test
    void what_can_be_had_is_given() throws Exception {
        assertThat(get("/row/1", "Accept", "text/html, application/*;q=0.1").statusCode())
                .isEqualTo(200);
        assertThat(get("/row/1", "Accept", "application/problem+json").statusCode())
                .isEqualTo(200);
        assertThat(get("/events", "Accept", "text/event-stream").statusCode()).isEqualTo(200);
        assertThat(get("/metrics", "Accept", "text/plain;version=0.0.4").statusCode())
                .isEqualTo(200);
        assertThat(get("/nowhere", "Accept", "text/html").statusCode()).isEqualTo(404);
    }

    @Test
    void a_large_answer_is_compressed_for_who_takes_it() throws Exception {
        HttpResponse<byte[]> plain = get("/large");
        HttpResponse<byte[]> compressed = get("/large", "Accept-Encoding", "deflate, gzip");

        assertThat(header(plain, "Content-Encoding")).isEmpty();
        assertThat(header(compressed, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(compressed, "Vary")).contains("Accept-Encoding");
        assertThat(compressed.body()).hasSizeLessThan(1_000);
        try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
            assertThat(unzipped.readAllBytes()).isEqualTo(plain.body());
        }
        assertThat(header(get("/row/1", "Accept-Encoding", "gzip"), "Content-Encoding"))
                .as("too small to gain")
                .isEmpty();
    }

    @Test
    void a_page_of_an_origin_that_may_can_read_answers_and_their_headers() throws Exception {
        HttpResponse<byte[]> response = get("/row/1", "Origin", SHOP);

        assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(SHOP);
        assertThat(header(response, "Access-Control-Expose-Headers")).contains("ETag", "Location", "Retry-After");
        assertThat(header(response, "Vary")).contains("Origin").contains("Accept");
        assertThat(header(get("/row/none", "Origin", SHOP), "Access-Control-Allow-Origin"))
                .as("of a problem too")
                .isEqualTo(SHOP);
    }

    @Test
    void the_browser_is_told_before_what_it_may_send() throws Exception {
        HttpResponse<byte[]> response =
                send(server, "OPTIONS", "/command", "Origin", SHOP, "Access-Control-Request-Method", "POST");

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(SHOP);
        assertThat(header(response, "Access-Control-Allow-Methods")).contains("POST", "PUT", "DELETE");
        assertThat(header(response, "Access-Control-Allow-Headers")).contains("Idempotency-Key", "If-Match");
        assertThat(send(server, "OPTIONS", "/command", "Origin", SHOP).statusCode())
                .as("no preflight")
                .isEqualTo(405);
    }

    @Test
    void another_origin_gets_an_answer_that_its_browser_keeps_from_it() throws Exception {
        HttpResponse<byte[]> response = get("/row/1", "Origin", "https://evil.example");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Access-Control-Allow-Origin")).isEmpty();
        assertThat(header(
                        send(
                                server,
                                "OPTIONS",
                                "/command",
                                "Origin",
                                "https://evil.example",
                                "Access-Control-Request-Method",
                                "POST"),
                        "Access-Control-Allow-Origin"))
                .isEmpty();
    }

    @Test
    void any_origin_may_where_it_is_configured_so() throws Exception {
        assertThat(header(send(open, "GET", "/row/1", "Origin", "https://any.example"), "Access-Control-Allow-Origin"))
                .isEqualTo("*");
    }

    @Test
    void routes_are_listed_without_their_heads() {
        assertThat(server.routes())
                .contains("GET /row/{id}", "POST /command", "GET /health/live")
                .noneMatch(route -> route.startsWith("HEAD") || route.contains("*"));
    }
}
