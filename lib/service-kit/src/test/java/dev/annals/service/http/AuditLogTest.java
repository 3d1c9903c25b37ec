package dev.annals.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.engine.files.OwnerOnly;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import dev.annals.service.TestDomain;
import dev.annals.service.access.AccessControl;
import dev.annals.service.access.Action;
import dev.annals.testsupport.http.TestIssuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of requests, by servlets and by Jetty's core handlers alike. */
class AuditLogTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final RouteAccess READ = RouteAccess.of(path -> {
        if (path.apply("view").equals("nothing")) {
            throw ProblemException.of(404, "not-found", "there is no view 'nothing'");
        }
        return Action.readRows(path.apply("view"));
    });
    private static final RouteAccess SEND =
            RouteAccess.of(path -> Action.command(path.apply("type"), path.apply("command")));

    private static final int MOST_REFUSALS = 10_000;

    private final ServiceMetrics metrics = new ServiceMetrics();
    private TestIssuer issuer;

    @TempDir
    private Path folder;

    private Path file;
    private HttpServer server;

    @BeforeEach
    void issue() throws Exception {
        issuer = new TestIssuer();
        file = folder.resolve("audit.jsonl");
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        issuer.close();
        metrics.close();
    }

    private void start(Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of("annals.audit", file.toString()));
        settings.put("kafka.bootstrap.servers", "localhost:1");
        settings.put("annals.http.port", "0");
        settings.putAll(issuer.settings(Files.writeString(
                folder.resolve("policy.properties"),
                "role.teller = read:counts, command:counts/*\nrole.operator = operate\n")));
        settings.putAll(more);
        ServiceConfig config = ServiceConfig.of(Settings.of(settings), 0);
        server = HttpServer.start(
                config,
                metrics,
                List::of,
                JsonNodeFactory.instance::objectNode,
                AccessControl.of(config.auth(), new Domains(List.of(new TestDomain("counts")))),
                routes -> routes.get("/v1/{view}/{key}", ctx -> ctx.result("javalin"), READ)
                        .post(
                                "/v1/{type}/{id}/{command}",
                                ctx -> ctx.status(409).result("javalin"),
                                SEND)
                        .get("/v1/views", ctx -> ctx.result("views"), RouteAccess.OPERATE)
                        .post("/v1/skip", ctx -> ctx.result("skipped"), RouteAccess.OPERATE),
                List.of(
                        new CoreRoute(
                                "GET",
                                "/v1/{view}/{key}",
                                READ,
                                request -> CompletableFuture.completedStage(
                                        Response.json(json -> json.writeString("core")))),
                        new CoreRoute(
                                "POST",
                                "/v1/{type}/{id}/{command}",
                                SEND,
                                request -> request.body().length == 0
                                        ? null
                                        : CompletableFuture.completedStage(
                                                Response.json(json -> json.writeString("core"))))));
    }

    /** Sent as it is, since a client of the JDK refuses what an attacker sends. */
    private void send(String method, String path, String body, @Nullable String token, String... headers)
            throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            StringBuilder request = new StringBuilder(
                    "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".formatted(method, path));
            if (token != null) {
                request.append("Authorization: Bearer ").append(token).append("\r\n");
            }
            for (String header : headers) {
                request.append(header).append("\r\n");
            }
            request.append(
                    "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s".formatted(body.length(), body));
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 ");
        }
    }

    private String token(String... roles) {
        return issuer.token("ann", claims -> claims.claim("roles", List.of(roles)));
    }

    /** Each line is one JSON object. */
    private List<JsonNode> lines(int expected) throws IOException {
        await().until(() -> Files.readAllLines(file).size() >= expected); // a line may come behind its answer
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(expected);
        return lines.stream().map(AuditLogTest::parsed).toList();
    }

    private static JsonNode parsed(String line) {
        try {
            return Json.mapper().readTree(line);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "javalin"})
    void a_command_is_kept_with_who_sent_it_and_what_came_of_it(String by) throws Exception {
        start(Map.of());
        Instant begun = Instant.now().minusSeconds(1);

        send(
                "POST",
                "/v1/counts/7/Add",
                by.equals("core") ? "{}" : "",
                token("teller"),
                "Idempotency-Key: k-1",
                "traceparent: 00-%s-00f067aa0ba902b7-01".formatted(TRACE));

        JsonNode line = lines(1).getFirst();
        assertThat(Instant.parse(line.path("time").asText())).isBetween(begun, Instant.now());
        assertThat(line.path("actor").asText()).isEqualTo(issuer.address() + "|ann");
        assertThat(line.path("actorType").asText()).isEqualTo("app_user");
        assertThat(line.path("action").asText()).isEqualTo("command:counts/Add");
        assertThat(line.path("method").asText()).isEqualTo("POST");
        assertThat(line.path("path").asText()).isEqualTo("/v1/counts/7/Add");
        assertThat(line.path("outcome").asText()).isEqualTo(by.equals("core") ? "done" : "rejected");
        assertThat(line.path("status").asInt()).isEqualTo(by.equals("core") ? 200 : 409);
        assertThat(line.path("commandId").asText()).isEqualTo("k-1");
        assertThat(line.path("address").asText()).isEqualTo("127.0.0.1");
        assertThat(line.path("trace").asText()).isEqualTo(TRACE);
    }

    @Test
    void what_is_refused_is_kept_with_whose_token_it_was() throws Exception {
        start(Map.of());

        send("GET", "/v1/counts/1", "", null);
        send("GET", "/v1/counts/1?x=1", "", token("operator"));
        send("GET", "/v1/counts/1", "", token("operator"));
        send("GET", "/v1/nothing/1", "", null);
        send("GET", "/metrics", "", token("teller"));

        List<JsonNode> lines = lines(5);
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.path("outcome").asText()).isEqualTo("denied"));
        assertThat(lines).extracting(line -> line.path("status").asInt()).containsExactly(401, 403, 403, 401, 403);
        assertThat(lines)
                .extracting(line -> line.path("action").asText())
                .containsExactly("read:counts", "read:counts", "read:counts", "unknown", "metrics");
        assertThat(lines.get(0).path("actor").isNull()).isTrue();
        assertThat(lines.get(1).path("actor").asText()).endsWith("|ann");
        assertThat(lines.get(2).path("actor").asText()).endsWith("|ann");
    }

    @Test
    void of_many_refusals_some_have_a_line_and_the_others_are_counted() throws Exception {
        start(Map.of());
        int sent = 0;
        while (omitted() == 0) {
            assertThat(sent).as("sent, and all kept").isLessThan(MOST_REFUSALS);
            for (int i = 0; i < 50; i++, sent++) {
                send("GET", "/v1/counts/1", "", null);
            }
        }

        send("POST", "/v1/counts/7/Add", "{}", token("teller"));
        AtomicInteger refused = new AtomicInteger(sent);
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    long lines = parsedLines().stream()
                            .filter(line -> line.path("outcome").asText().equals("denied"))
                            .count();
                    boolean all = lines + omitted() == refused.get();
                    if (!all) { // the next line has those before it, and comes behind its answer
                        send("GET", "/v1/counts/1", "", null);
                        refused.incrementAndGet();
                    }
                    return all;
                });
        assertThat(parsedLines())
                .as("what was let in is kept whatever is refused")
                .extracting(line -> line.path("action").asText())
                .contains("command:counts/Add");
    }

    private long omitted() throws IOException {
        return parsedLines().stream()
                .mapToLong(line -> line.path("omitted").asLong())
                .sum();
    }

    private List<JsonNode> parsedLines() throws IOException {
        return Files.readAllLines(file).stream().map(AuditLogTest::parsed).toList();
    }

    @Test
    void what_operators_do_is_kept_and_not_what_they_look_at() throws Exception {
        start(Map.of());

        send("GET", "/v1/views", "", token("operator"));
        send("POST", "/v1/skip", "", token("operator"));

        assertThat(lines(1).getFirst().path("action").asText()).isEqualTo("operate");
    }

    @Test
    void what_is_read_is_kept_where_it_is_asked_for() throws Exception {
        start(Map.of("annals.audit.reads", "true"));

        send("GET", "/v1/counts/1", "", token("teller"));
        send("GET", "/v1/counts/1?x=secret", "", token("teller"));
        send("GET", "/health/live", "", null);

        List<JsonNode> lines = lines(2);
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.path("outcome").asText()).isEqualTo("done");
            assertThat(line.path("path").asText()).isEqualTo("/v1/counts/1");
        });
    }

    @Test
    void nobody_forges_a_line() throws Exception {
        start(Map.of());

        send(
                "POST",
                "/v1/counts/7%0A%7B%22actor%22:1%7D/Add",
                "{}",
                token("teller"),
                "Idempotency-Key: a\u0085b\\n{\"actor\":\"eve\"}\u00a0",
                "traceparent: 00-{\"}-1-1");

        JsonNode line = lines(1).getFirst();
        assertThat(line.path("actor").asText()).endsWith("|ann");
        assertThat(line.path("commandId").asText()).contains("eve");
        assertThat(line.path("trace").isNull()).isTrue();
        assertThat(Files.readString(file).strip()).matches("[ -~]+");
    }

    @Test
    void the_file_is_for_its_owner_and_one_that_can_not_be_written_keeps_the_service_from_starting() throws Exception {
        start(Map.of());
        assertThat(OwnerOnly.isReadByOthers(file)).isFalse();

        assertThatThrownBy(() -> start(Map.of(
                        "annals.audit", folder.resolve("no/such/folder.jsonl").toString())))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("annals.audit=");
    }

    @Test
    void off_is_off() throws Exception {
        start(Map.of("annals.audit", "off"));

        send("POST", "/v1/counts/7/Add", "{}", token("teller"));

        assertThat(file).doesNotExist();
    }
}
