package dev.annals.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.access.AccessControl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are slow, and some that have nothing to say. */
@Timeout(60)
class DataRatesTest {

    private static final Duration CUT_OFF = DataRates.GRACE.plusSeconds(1);
    private static final int LARGEST = (int) HttpServer.MAX_BODY_BYTES;

    private final ServiceMetrics metrics = new ServiceMetrics();
    private final AtomicReference<Throwable> writing = new AtomicReference<>();
    private HttpServer server;

    @BeforeEach
    void start() {
        server = HttpServer.start(
                ServiceConfig.of(
                        Settings.of(Map.of(
                                "kafka.bootstrap.servers", "localhost:1",
                                "annals.http.port", "0",
                                "annals.limits.connections", "40",
                                "annals.limits.least.bytes.per.second", "1000000")),
                        0),
                metrics,
                List::of,
                JsonNodeFactory.instance::objectNode,
                AccessControl.none(),
                routes -> routes.post("/javalin/echo", ctx -> ctx.result(Requests.jsonBody(ctx)), RouteAccess.OPEN)
                        .post("/core/{any}", ctx -> ctx.result(Requests.jsonBody(ctx)), RouteAccess.OPEN)
                        .get(
                                "/large",
                                ctx -> {
                                    try {
                                        ctx.res().getOutputStream().write(new byte[64 * 1024 * 1024]);
                                    } catch (IOException e) {
                                        writing.set(e);
                                    }
                                },
                                RouteAccess.OPEN)
                        .get(
                                "/quiet",
                                ctx -> {
                                    OutputStream out = ctx.res().getOutputStream();
                                    out.write(':');
                                    ctx.res().flushBuffer();
                                    TimeUnit.MILLISECONDS.sleep(CUT_OFF.toMillis());
                                    out.write('!');
                                },
                                RouteAccess.OPEN),
                List.of(new CoreRoute(
                        "POST",
                        "/core/{any}",
                        RouteAccess.OPEN,
                        request -> CompletableFuture.completedStage(
                                Response.json(json -> json.writeNumber(request.body().length))))));
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
    }

    private Socket connected() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.setSoTimeout((int) CUT_OFF.multipliedBy(3).toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        return socket;
    }

    private Socket begun(String path, int length) throws IOException {
        Socket socket = connected();
        write(
                socket,
                "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                        .formatted(path, length));
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String firstLine(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        InputStream in = socket.getInputStream();
        for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/javalin/echo", "/core/echo"})
    void a_body_that_comes_byte_by_byte_is_cut_off(String path) throws Exception {
        long begun = System.nanoTime();
        try (Socket slow = begun(path, 1_000)) {
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
                try {
                    while (true) {
                        write(slow, "1");
                        TimeUnit.MILLISECONDS.sleep(100);
                    }
                } catch (IOException | InterruptedException e) {
                    // the server has closed
                }
            });

            String answer = rest(slow);

            assertThat(answer).startsWith("HTTP/1.1 408").contains("application/problem+json", "bytes a second");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(DataRates.GRACE, CUT_OFF.plusSeconds(2));
            sender.get(5, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/javalin/echo", "/core/echo"})
    void a_body_may_make_a_pause(String path) throws Exception {
        try (Socket socket = begun(path, 2)) {
            write(socket, "1");
            TimeUnit.MILLISECONDS.sleep(DataRates.GRACE.toMillis() / 2);
            write(socket, "2");

            assertThat(firstLine(socket)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    /** As many as have room together; ADR 49. */
    @Test
    void large_bodies_that_do_not_come_hold_their_room_for_a_while_only() throws Exception {
        int all = HttpServer.MAX_BODIES_BYTES / LARGEST;
        Socket[] slow = new Socket[all];
        for (int i = 0; i < all; i++) {
            slow[i] = begun("/core/echo", LARGEST);
            write(slow[i], "[");
        }
        await().until(() -> statusOfLargeBody().contains(" 503 "));

        await().atMost(CUT_OFF.plusSeconds(5)).until(() -> statusOfLargeBody().contains(" 200 "));

        for (Socket each : slow) {
            assertThat(firstLine(each)).startsWith("HTTP/1.1 408");
            each.close();
        }
    }

    private String statusOfLargeBody() throws IOException {
        try (Socket socket = begun("/core/echo", LARGEST)) {
            write(socket, "1".repeat(LARGEST));
            return firstLine(socket);
        } catch (IOException e) {
            return "refused while it was sent: " + e; // seen by who sends on after a 503
        }
    }

    @Test
    void an_answer_that_is_not_taken_is_cut_off() throws Exception {
        try (Socket slow = connected()) {
            write(slow, "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await().atMost(Duration.ofSeconds(50)).until(() -> {
                slow.getInputStream().readNBytes(10); // so it is never idle
                return writing.get() != null;
            });

            assertThat(writing.get()).hasStackTraceContaining("bytes a second");
        }
    }

    @Test
    void an_answer_with_nothing_to_say_goes_on() throws Exception {
        try (Socket socket = connected()) {
            write(socket, "GET /quiet HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

            assertThat(rest(socket)).startsWith("HTTP/1.1 200").contains(":").contains("!");
        }
    }

    @Test
    void more_connections_than_allowed_wait_for_their_turn() throws Exception {
        Socket[] idle = new Socket[40];
        for (int i = 0; i < idle.length; i++) {
            idle[i] = connected();
        }
        try (Socket next = connected()) {
            write(next, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
            next.setSoTimeout(1_000);
            assertThatThrownBy(() -> firstLine(next)).isInstanceOf(SocketTimeoutException.class);

            for (Socket each : idle) {
                each.close();
            }

            next.setSoTimeout(10_000);
            assertThat(firstLine(next)).isEqualTo("HTTP/1.1 200 OK");
        }
    }
}
