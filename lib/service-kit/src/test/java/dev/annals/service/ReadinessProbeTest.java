package dev.annals.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ReadinessProbeTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private HttpServer service;

    @BeforeEach
    void start() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.start();
    }

    @AfterEach
    void stop() {
        service.stop(0);
    }

    @Test
    void a_service_that_says_it_is_ready_is_healthy() {
        answer(200, "{\"status\":\"ready\"}");

        assertThat(isReady(port())).isTrue();
        assertThat(said()).isEqualTo("{\"status\":\"ready\"}");
    }

    @Test
    void a_service_that_is_not_ready_is_not_healthy_and_says_why() {
        answer(503, "{\"reasons\":[\"Kafka does not answer\"]}");

        assertThat(isReady(port())).isFalse();
        assertThat(said()).contains("Kafka does not answer");
    }

    @Test
    void where_nothing_listens_the_port_is_named() {
        String port = port();
        service.stop(0);

        assertThat(isReady(port)).isFalse();
        assertThat(said()).contains("nothing answers on port " + port);
    }

    @Test
    void without_a_port_the_variable_is_named() {
        assertThat(ReadinessProbe.isReady(Map.of(), print())).isFalse();
        assertThat(said()).contains("ANNALS_HTTP_PORT");
    }

    private void answer(int status, String body) {
        service.createContext("/health/ready", exchange -> {
            exchange.sendResponseHeaders(status, body.length());
            exchange.getResponseBody().write(body.getBytes(UTF_8));
            exchange.close();
        });
    }

    private String port() {
        return Integer.toString(service.getAddress().getPort());
    }

    private boolean isReady(String port) {
        return ReadinessProbe.isReady(Map.of("ANNALS_HTTP_PORT", port), print());
    }

    private PrintStream print() {
        return new PrintStream(out, true, UTF_8);
    }

    private String said() {
        return out.toString(UTF_8).strip();
    }
}
