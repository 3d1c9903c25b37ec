package dev.annals.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerClientTest {

    private static final int MORE = PeerClient.MAX_ANSWER_BYTES + 1;

    private final PeerClient client = new PeerClient();
    private HttpServer peer;

    @BeforeEach
    void start() throws IOException {
        peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        peer.createContext("/", exchange -> {
            int bytes = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
            boolean chunked = exchange.getRequestURI().getQuery() != null;
            exchange.sendResponseHeaders(200, chunked ? 0 : bytes);
            try (exchange) {
                exchange.getResponseBody().write(new byte[bytes]);
            } catch (IOException e) {
                // The client has had enough.
            }
        });
        peer.start();
    }

    @AfterEach
    void stop() {
        client.close();
        peer.stop(0);
    }

    private HttpRequest request(String path) {
        HostInfo address = new HostInfo("127.0.0.1", peer.getAddress().getPort());
        return client.request(address, path).build();
    }

    @Test
    void an_answer_as_large_as_may_be_is_read() throws Exception {
        assertThat(client.send(request("/" + (MORE - 1)), PeerClient.wholeAnswer())
                        .body())
                .hasSize(MORE - 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?chunked"})
    void an_answer_above_the_limit_is_not_read_to_its_end(String how) {
        HttpRequest request = request("/" + MORE + how);

        assertThatIOException()
                .isThrownBy(() -> client.send(request, PeerClient.wholeAnswer()))
                .withMessageContaining("more than 8388608 bytes");
        assertThatThrownBy(
                        () -> client.sendAsync(request, Duration.ofSeconds(20)).join())
                .hasCauseInstanceOf(OversizedAnswerException.class);
    }

    @Test
    void an_answer_that_is_passed_on_as_it_comes_has_no_limit() throws Exception {
        try (InputStream in = client.send(request("/" + MORE * 2), BodyHandlers.ofInputStream())
                .body()) {
            assertThat(in.readAllBytes()).hasSize(MORE * 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "10.0.0.7", "query-1.annals-net.svc.cluster.local", "[::1]", "[fe80::1]"})
    void an_address_is_a_name_or_an_address(String host) {
        assertThat(client.request(new HostInfo(host, 8080), "/v1/x").build().uri())
                .hasToString("http://%s:8080/v1/x".formatted(host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254/latest/meta-data/?",
                "user@host",
                "host#",
                "host?x=",
                "a b",
                "host\r\nX: y",
                "h%2F",
                "",
                "hos\u0142t"
            })
    void what_would_be_more_than_a_host_in_an_address_is_refused(String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.request(new HostInfo(host, 8080), "/v1/x"))
                .withMessageContaining("annals.*.advertised");
    }

    @Test
    void a_port_is_one() {
        for (int port : Arrays.asList(-1, 0, 65_536)) {
            assertThatIllegalArgumentException().isThrownBy(() -> client.request(new HostInfo("localhost", port), "/"));
        }
    }
}
