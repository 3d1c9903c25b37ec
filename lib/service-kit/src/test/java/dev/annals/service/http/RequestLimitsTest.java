package dev.annals.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.TestDomain;
import dev.annals.service.access.AccessControl;
import dev.annals.service.access.Action;
import dev.annals.testsupport.http.TestIssuer;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By servlets and by Jetty's core handlers alike; one a second is few enough to be refused. */
class RequestLimitsTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final RouteAccess READ = RouteAccess.of(path -> Action.readRows(path.apply("view")));
    private static final RouteAccess SEND =
            RouteAccess.of(path -> Action.command(path.apply("type"), path.apply("command")));
    private static final Map<String, String> FEW =
            Map.of("annals.limits.reads.per.second", "3", "annals.limits.commands.per.second", "1");

    private final ServiceMetrics metrics = new ServiceMetrics();
    private TestIssuer issuer;

    @TempDir
    private Path folder;

    private HttpServer server;

    @BeforeEach
    void issue() throws Exception {
        issuer = new TestIssuer();
    }

    @AfterEach
    void stop() {
        server.close();
        issuer.close();
        metrics.close();
    }

    private void start(Map<String, String> limits, boolean asksForTokens) throws Exception {
        Map<String, String> settings = new HashMap<>(limits);
        settings.put("kafka.bootstrap.servers", "localhost:1");
        settings.put("annals.http.port", "0");
        if (asksForTokens) {
            settings.putAll(issuer.settings(
                    Files.writeString(folder.resolve("policy.properties"), "role.authenticated = *\n")));
        }
        ServiceConfig config = ServiceConfig.of(Settings.of(settings), 0);
        server = HttpServer.start(
                config,
                metrics,
                List::of,
                JsonNodeFactory.instance::objectNode,
                AccessControl.of(config.auth(), new Domains(List.of(new TestDomain("counts")))),
                routes -> routes.get("/v1/{view}/{key}", ctx -> ctx.result("javalin"), READ)
                        .post("/v1/{type}/{id}/{command}", ctx -> ctx.result("javalin"), SEND),
                List.of(new CoreRoute(
                        "GET",
                        "/v1/{view}/{key}",
                        READ,
                        request -> request.path().endsWith("/elsewhere")
                                ? null
                                : CompletableFuture.completedStage(Response.json(json -> json.writeString("core"))))));
    }

    private HttpResponse<String> send(String method, String path, @Nullable String token, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path)))
                .method(method, BodyPublishers.noBody());
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private int refused(int requests, String method, String path, @Nullable String token, String... headers)
            throws Exception {
        int refused = 0;
        for (int i = 0; i < requests; i++) {
            refused += send(method, path, token, headers).statusCode() == 429 ? 1 : 0;
        }
        return refused;
    }

    private String token(String subject) {
        return issuer.token(subject, claims -> claims);
    }

    @Test
    void a_principal_has_so_much_a_second_wherever_it_is_answered() throws Exception {
        start(FEW, true);
        String ann = token("ann");

        assertThat(refused(40, "GET", "/v1/counts/1", ann)).isGreaterThan(20);
        assertThat(refused(40, "GET", "/v1/counts/1?x=1", ann)).as("Javalin").isGreaterThan(20);
        assertThat(refused(3, "GET", "/v1/counts/1", token("bob"))).isZero();
        assertThat(refused(20, "GET", "/health/ready", ann)).isZero();
        HttpResponse<String> refused = send("GET", "/v1/counts/1?x=1", ann);
        for (int i = 0; i < 10 && refused.statusCode() != 429; i++) {
            refused = send("GET", "/v1/counts/1?x=1", ann);
        }
        assertThat(refused.body()).contains("\"code\":\"too-many-requests\"", "more than 3 reads a second");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(metrics.scrape()).containsPattern("annals_limits_refused_total\\{kind=\"read\"\\} [1-9]");
    }

    @Test
    void commands_and_reads_are_counted_apart() throws Exception {
        start(FEW, true);
        String ann = token("ann");

        int refused = refused(20, "POST", "/v1/counts/1/Add", ann, "Content-Type", "application/json");

        assertThat(refused).isGreaterThan(10);
        assertThat(refused(3, "GET", "/v1/counts/1", ann)).isZero();
    }

    @Test
    void what_the_core_hands_on_counts_once() throws Exception {
        start(FEW, true);

        assertThat(refused(3, "GET", "/v1/counts/elsewhere", token("ann"))).isZero();
    }

    @Test
    void somebody_without_a_token_is_counted_by_address_and_instances_are_not() throws Exception {
        start(FEW, false);

        assertThat(refused(40, "GET", "/v1/counts/1", null)).isGreaterThan(20);
        assertThat(refused(40, "GET", "/v1/counts/1", null, PeerClient.HOP, "1"))
                .isZero();
    }

    @Test
    void where_nobody_is_asked_for_a_token_nothing_is_limited_by_itself() throws Exception {
        start(Map.of(), false);

        assertThat(refused(1_200, "GET", "/v1/counts/1", null)).isZero();
    }
}
