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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a web page that somebody has open in a browser can have a service do. */
class CallersTest {

    private static final ServiceMetrics METRICS = new ServiceMetrics();
    private static final AtomicInteger COMMANDS = new AtomicInteger();
    private static HttpServer server;
    private static HttpServer open;

    @BeforeAll
    static void start() {
        server = start(Map.of(
                "annals.http.cors.origins", "https://shop.example",
                "annals.http.host.names", "annals.internal, Balancer.Example"));
        open = start(Map.of("annals.http.cors.origins", "*", "annals.http.host.names", "*"));
    }

    private static HttpServer start(Map<String, String> more) {
        Map<String, String> settings =
                new HashMap<>(Map.of("kafka.bootstrap.servers", "localhost:1", "annals.http.port", "0"));
        settings.putAll(more);
        ServiceConfig config = ServiceConfig.of(Settings.of(settings), 0, "peer-1.example");
        return HttpServer.start(
                config,
                METRICS,
                List::of,
                JsonNodeFactory.instance::objectNode,
                AccessControl.none(),
                routes -> routes.post(
                                "/command",
                                ctx -> ctx.json(Map.of("number", COMMANDS.incrementAndGet())),
                                RouteAccess.OPEN)
                        .get("/row", ctx -> ctx.json(Map.of("id", "1")), RouteAccess.OPEN));
    }

    @AfterAll
    static void stop() {
        server.close();
        open.close();
        METRICS.close();
    }

    /** By hand: what a browser sets, the JDK's client doesn't let anybody set. */
    private static String send(HttpServer to, String method, String path, String... headers) throws IOException {
        String version = String.join("", headers).contains("Host:") ? "1.1" : "1.0";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port())) {
            String request = "%s %s HTTP/%s\r\n%s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                    .formatted(method, path, version, String.join("\r\n", headers));
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static int status(String response) {
        return Integer.parseInt(response.split(" ", 3)[1]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Origin: https://evil.example",
                "Origin: http://localhost:3000",
                "Origin: http://localhost",
                "Origin: null",
                "Origin: http://localhost:8080.evil.example"
            })
    void another_sites_page_can_not_send_commands(String header) throws Exception {
        int before = COMMANDS.get();

        String response = send(server, "POST", "/command", "Host: localhost:8080", header);

        assertThat(response)
                .contains("\"code\":\"cross-site\"", "annals.http.cors.origins", "application/problem+json");
        assertThat(status(response)).isEqualTo(403);
        assertThat(COMMANDS).hasValue(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Nothing: curl",
                "Sec-Fetch-Site: same-origin",
                "Sec-Fetch-Site: none",
                "Origin: http://localhost:8080",
                "Origin: https://shop.example",
                "Sec-Fetch-Site: cross-site\r\nOrigin: https://shop.example"
            })
    void who_is_no_page_or_an_allowed_one_can(String header) throws Exception {
        assertThat(status(send(server, "POST", "/command", "Host: localhost:8080", header)))
                .isEqualTo(200);
    }

    @Test
    void where_every_origin_may_no_page_is_refused() throws Exception {
        assertThat(status(send(open, "POST", "/command", "Host: any.example", "Origin: https://evil.example")))
                .isEqualTo(200);
    }

    @Test
    void what_changes_nothing_is_answered_and_hidden_by_the_browser() throws Exception {
        String response = send(server, "GET", "/row", "Host: localhost", "Origin: https://evil.example");

        assertThat(status(response)).isEqualTo(200);
        assertThat(response).doesNotContain("Access-Control-Allow-Origin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "x"})
    void a_name_that_is_not_the_services_is_refused(String host) throws Exception {
        for (String path : List.of("/row", "/metrics", "/health/ready", "/openapi.json", "/nowhere")) {
            String response = send(server, "GET", path, "Host: " + host);

            assertThat(response).contains("\"code\":\"unknown-host\"", "annals.http.host.names", host);
            assertThat(status(response)).isEqualTo(421);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1",
        "127.0.0.1:8080",
        "10.2.3.4:8080",
        "[::1]:8080",
        "[fd00::7]",
        "localhost",
        "LOCALHOST:8080",
        "localhost.",
        "annals.internal:80",
        "balancer.example",
        "peer-1.example:8080"
    })
    void addresses_and_names_that_it_is_known_by_are_answered(String host) throws Exception {
        assertThat(status(send(server, "GET", "/row", "Host: " + host))).isEqualTo(200);
    }

    /** Health checks of HTTP/1.0 name no host; browsers always do. */
    @Test
    void who_names_no_host_is_answered() throws Exception {
        assertThat(status(send(server, "GET", "/health/live", "X-Nothing: probe")))
                .isEqualTo(200);
    }
}
