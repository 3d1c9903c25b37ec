package dev.annals.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.TestDomain;
import dev.annals.service.access.AccessControl;
import dev.annals.service.access.Action;
import dev.annals.testsupport.http.TestIssuer;
import io.javalin.config.RoutesConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in on which route, by servlets and by Jetty's core handlers alike. */
class GuardTest {

    private static final ServiceMetrics METRICS = new ServiceMetrics();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final RouteAccess READ = RouteAccess.of(path -> {
        if (path.apply("view").equals("nothing")) {
            throw ProblemException.of(404, "not-found", "there is no view 'nothing'; there is counts");
        }
        return Action.readRows(path.apply("view"));
    });

    private static TestIssuer issuer;
    private static HttpServer server;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        issuer = new TestIssuer();
        Path policy = folder.resolve("policy.properties");
        Files.writeString(policy, """
                role.reader = read:counts
                role.operator = *
                role.anonymous = metrics
                """);
        server = server(
                issuer.settings(policy),
                GuardTest::routes,
                List.of(new CoreRoute("GET", "/v1/{view}/{key}", READ, GuardTest::core)));
    }

    private static HttpServer server(Map<String, String> auth, Consumer<RoutesConfig> routes, List<CoreRoute> core) {
        Map<String, String> settings = new HashMap<>(auth);
        settings.put("kafka.bootstrap.servers", "localhost:1");
        settings.put("annals.http.port", "0");
        ServiceConfig config = ServiceConfig.of(Settings.of(settings), 0);
        AccessControl access = AccessControl.of(config.auth(), new Domains(List.of(new TestDomain("counts"))));
        return HttpServer.start(
                config,
                METRICS,
                () -> List.of("kafka-1.example does not answer"),
                JsonNodeFactory.instance::objectNode,
                access,
                routes,
                core);
    }

    private static void routes(RoutesConfig routes) {
        routes.get(
                "/v1/{view}/{key}", ctx -> ctx.result(name(Requests.caller(ctx).principal())), READ);
        routes.post("/internal/x", ctx -> ctx.result("internal"), RouteAccess.INTERNAL);
    }

    private static CompletionStage<Response> core(CoreRoute.Request request) {
        return CompletableFuture.completedStage(Response.json(
                json -> json.writeString("core " + name(request.caller().principal()))));
    }

    private static String name(@Nullable Object principal) {
        return String.valueOf(principal);
    }

    @AfterAll
    static void stop() {
        server.close();
        issuer.close();
        METRICS.close();
        CLIENT.close();
    }

    private static HttpResponse<String> send(String method, String path, @Nullable String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path)))
                .method(method, BodyPublishers.noBody());
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static String token(String... roles) {
        return issuer.token("ann", claims -> claims.claim("roles", List.of(roles)));
    }

    /** The second is none for core handlers, since it has a query. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/counts/1", "/v1/counts/1?x=1", "/v1/%63ounts/1", "/v1/counts/1/"})
    void who_has_the_right_is_let_in_and_nobody_else(String path) throws Exception {
        HttpResponse<String> reader = send("GET", path, token("reader"));
        assertThat(reader.statusCode()).isEqualTo(200);
        assertThat(reader.body()).contains(issuer.address() + "|ann");

        HttpResponse<String> stranger = send("GET", path, null);
        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(stranger.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        assertThat(stranger.body()).contains("\"code\":\"unauthenticated\"");

        HttpResponse<String> other = send("GET", path, token("writer"));
        assertThat(other.statusCode()).isEqualTo(403);
        assertThat(other.body()).contains("\"code\":\"forbidden\"", "read:counts");

        HttpResponse<String> wrong = send("GET", path, token("reader") + "x");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.headers().firstValue("WWW-Authenticate")).hasValue("Bearer error=\"invalid_token\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void no_method_gets_around_it(String method) throws Exception {
        assertThat(send(method, "/v1/counts/1", null).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"//v1/counts/1", "/v1//counts/1", "/./v1/counts/1", "/v1/counts;x/1", "/V1/counts/1"})
    void no_spelling_of_a_path_gets_around_it(String path) throws Exception {
        assertThat(send("GET", path, null).statusCode()).isIn(400, 401, 404);
    }

    @Test
    void who_is_not_known_is_not_told_what_there_is() throws Exception {
        for (String path : List.of("/v1/nothing/1", "/v1/nothing/1?x=1")) {
            assertThat(send("GET", path, null).statusCode()).isEqualTo(401);
            assertThat(send("GET", path, null).body()).doesNotContain("counts");
            assertThat(send("GET", path, token("reader")).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void nobody_is_an_instance_not_even_who_may_everything() throws Exception {
        assertThat(send("POST", "/internal/x", token("operator")).statusCode()).isEqualTo(403);
        assertThat(send("POST", "/internal/x", null).statusCode()).isEqualTo(401);
    }

    @Test
    void what_every_service_has_tells_no_more_than_one_may_know() throws Exception {
        assertThat(send("GET", "/health/live", null).statusCode()).isEqualTo(200);
        assertThat(send("GET", "/health/ready", null).body()).isEqualTo("{\"status\":\"not ready\"}");
        assertThat(send("GET", "/health/ready", token("reader")).body()).doesNotContain("kafka-1");
        assertThat(send("GET", "/health/ready", token("operator")).body()).contains("kafka-1");
        assertThat(send("GET", "/metrics", null).statusCode()).isEqualTo(200); // as the policy has it
        assertThat(send("GET", "/openapi.json", null).statusCode()).isEqualTo(401);
        assertThat(send("GET", "/openapi.json", token()).statusCode()).isEqualTo(200);
    }

    @Test
    void another_scheme_is_refused() throws Exception {
        HttpRequest basic = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/v1/counts/1".formatted(server.port())))
                .header("Authorization", "Basic YW5uOmFubg==")
                .build();

        assertThat(CLIENT.send(basic, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    }

    @Test
    void a_route_that_says_nothing_of_rights_keeps_the_server_from_starting() {
        assertThatThrownBy(() -> server(Map.of(), routes -> routes.get("/v1/open", ctx -> {}), List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("RouteAccess");
    }

    @Test
    void where_nobody_is_asked_everybody_may() throws Exception {
        try (HttpServer open = server(Map.of(), GuardTest::routes, List.of())) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:%d/v1/counts/1".formatted(open.port())))
                    .build();
            assertThat(CLIENT.send(request, BodyHandlers.ofString()).body()).isEqualTo("null");
        }
    }
}
