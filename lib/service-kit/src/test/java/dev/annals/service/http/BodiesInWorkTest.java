package dev.annals.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies of requests are bounded together, by the lengths that they announce. */
class BodiesInWorkTest {

    private static final int LARGEST = (int) HttpServer.MAX_BODY_BYTES;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ServiceMetrics metrics = new ServiceMetrics();
    private final List<Socket> slow = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() {
        server = HttpServer.start(
                ServiceConfig.of(
                        Settings.of(Map.of("kafka.bootstrap.servers", "localhost:1", "annals.http.port", "0")), 0),
                metrics,
                List::of,
                () -> JsonNodeFactory.instance.objectNode().put("openapi", "3.1.0"),
                AccessControl.none(),
                routes -> routes.post("/echo", ctx -> ctx.result(Requests.jsonBody(ctx)), RouteAccess.OPEN)
                        .get("/echo", ctx -> ctx.result("[]"), RouteAccess.OPEN));
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket each : slow) {
            each.close();
        }
        server.close();
        metrics.close();
    }

    /** A request whose body does not come to its end. */
    private Socket slowBody() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.getOutputStream()
                .write(
                        "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n["
                                .formatted(LARGEST)
                                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private HttpResponse<String> post(BodyPublisher body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://localhost:%d/echo".formatted(server.port())))
                        .header("Content-Type", "application/json")
                        .POST(body)
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> post(int bytes) throws IOException, InterruptedException {
        return post(BodyPublishers.ofByteArray(new byte[bytes]));
    }

    @Test
    void what_finds_no_room_is_refused_until_others_have_ended() throws Exception {
        for (int i = 0; i < HttpServer.MAX_BODIES_BYTES / LARGEST; i++) {
            slow.add(slowBody());
        }
        await().until(() -> post(LARGEST).statusCode() == 503);

        HttpResponse<String> refused = post(LARGEST);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(refused.body()).contains("unavailable").contains("bodies of the requests in work");
        assertThat(post(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[1])))
                        .statusCode())
                .as("a body of unknown length")
                .isEqualTo(503);
        assertThat(post(100).statusCode()).isEqualTo(200);
        assertThat(post(LARGEST + 1).statusCode()).isEqualTo(413);

        for (Socket each : slow) {
            each.close();
        }
        await().until(() -> post(LARGEST).statusCode() == 200);
    }

    /** Many clients read nothing before they have sent all. */
    @Test
    void a_refusal_reaches_who_is_still_sending() throws Exception {
        String head = "PUT /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n".formatted(LARGEST);
        byte[] body = new byte[LARGEST];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            await().until(() -> socket.getInputStream().available() > 0);
            socket.getOutputStream().write(body, 0, LARGEST / 2);
            await().pollDelay(Duration.ofMillis(100)).until(() -> true); // for a reset to come back, if one does
            socket.getOutputStream().write(body, LARGEST / 2, LARGEST / 2);
            socket.shutdownOutput();

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 405").contains("method-not-allowed");
        }
    }

    /** Nor does anybody hold a connection so. */
    @Test
    void what_does_not_come_behind_a_refusal_is_not_waited_for_longer_than_the_limit() throws Exception {
        String head = "PUT /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout((int) LingeringClose.LIMIT.multipliedBy(4).toMillis());
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));

            long begin = System.nanoTime();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 405");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(LingeringClose.LIMIT.minusSeconds(1));
        }
    }
}
