package dev.annals.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.access.AccessControl;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RepeatedWarningsTest {

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(RepeatedWarnings.class);

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void leave() {
        log.detachAppender(lines);
    }

    @Test
    void a_warning_comes_at_the_start_and_again_until_the_end() throws Exception {
        ScheduledExecutorScheduler timer = new ScheduledExecutorScheduler();
        timer.start();
        RepeatedWarnings warnings = new RepeatedWarnings(List.of("mind {}"), Duration.ofMillis(20), timer);

        warnings.start();

        assertThat(lines.list).isNotEmpty();
        await().until(() -> List.copyOf(lines.list).size() > 3);
        warnings.stop();
        timer.stop();
        assertThat(lines.list).allSatisfy(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.WARN);
            assertThat(line.getFormattedMessage()).isEqualTo("mind {}");
        });
    }

    private static JsonNode readiness(Map<String, String> settings, List<String> against) throws Exception {
        ServiceMetrics metrics = new ServiceMetrics();
        try (HttpServer server = HttpServer.start(
                ServiceConfig.of(Settings.of(settings), 0),
                metrics,
                () -> against,
                JsonNodeFactory.instance::objectNode,
                AccessControl.none(),
                routes -> {})) {
            URI ready = URI.create("http://localhost:%d/health/ready".formatted(server.port()));
            HttpResponse<byte[]> response = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(ready).build(), BodyHandlers.ofByteArray());
            assertThat(response.statusCode()).isEqualTo(against.isEmpty() ? 200 : 503);
            return Json.mapper().readTree(response.body());
        } finally {
            metrics.close();
        }
    }

    @Test
    void who_asks_nobody_for_a_token_says_so_in_the_log_and_to_whoever_looks() throws Exception {
        Map<String, String> insecure =
                Map.of("kafka.bootstrap.servers", "localhost:1", "annals.http.port", "0", "annals.auth", "insecure");

        JsonNode ready = readiness(insecure, List.of());
        JsonNode notReady = readiness(insecure, List.of("no broker"));

        assertThat(ready.path("status").asText()).isEqualTo("ready");
        assertThat(ready.path("warnings").path(0).asText()).startsWith("annals.auth=insecure");
        assertThat(notReady.path("reasons").path(0).asText()).isEqualTo("no broker");
        assertThat(notReady.path("warnings")).hasSize(1);
        assertThat(lines.list).hasSize(2);
        assertThat(lines.list.getFirst().getFormattedMessage()).startsWith("annals.auth=insecure");
    }

    @Test
    void otherwise_there_is_nothing_to_say() throws Exception {
        JsonNode ready =
                readiness(Map.of("kafka.bootstrap.servers", "localhost:1", "annals.http.port", "0"), List.of());

        assertThat(ready).hasToString("{\"status\":\"ready\"}");
        assertThat(lines.list).isEmpty();
    }
}
