package dev.annals.query.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.service.http.PeerClient;
import dev.annals.service.http.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeersTest {

    private static final ForwardedRequest ASKED = ForwardedRequest.ofClient("/v1/accounts");

    private final Peers peers = new Peers(new PeerClient());
    private HttpServer other;
    private volatile @Nullable String contentType;
    private volatile int bytes = 2;

    @BeforeEach
    void start() throws IOException {
        other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            if (contentType != null) {
                exchange.getResponseHeaders().add("Content-Type", contentType);
            }
            exchange.sendResponseHeaders(200, 0);
            try (exchange) {
                exchange.getResponseBody().write(new byte[bytes]);
            } catch (IOException e) {
                // The client has had enough.
            }
        });
        other.start();
    }

    @AfterEach
    void stop() {
        peers.close();
        other.stop(0);
    }

    private HostInfo address() {
        return new HostInfo("127.0.0.1", other.getAddress().getPort());
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, application/json",
        "Application/JSON;charset=utf-8, application/json",
        "application/problem+json, application/problem+json",
        ", application/json"
    })
    void an_answer_has_one_of_our_own_content_types(@Nullable String there, String here) {
        contentType = there;

        assertThat(peers.pass(address(), ASKED, Duration.ZERO).contentType()).isEqualTo(here);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "image/svg+xml", "application/jsonp", ""})
    void what_this_service_does_not_answer_is_not_passed_on(String there) {
        contentType = there;

        assertThatThrownBy(() -> peers.pass(address(), ASKED, Duration.ZERO))
                .isInstanceOf(TableUnavailableException.class)
                .hasMessageContaining("is something else there?");
        assertThatThrownBy(() -> peers.stream(address(), ASKED, Map.of()))
                .isInstanceOf(TableUnavailableException.class);
    }

    @Test
    void events_are_passed_on_without_a_limit() throws Exception {
        contentType = "text/event-stream";
        bytes = PeerClient.MAX_ANSWER_BYTES + 1;

        HttpResponse<InputStream> response = peers.stream(address(), ASKED, Map.of());

        try (InputStream in = response.body()) {
            assertThat(in.readAllBytes()).hasSize(bytes);
        }
    }

    @Test
    void an_answer_that_is_too_large_is_a_bad_gateway_and_says_so() {
        contentType = "application/json";
        bytes = PeerClient.MAX_ANSWER_BYTES + 1;

        assertThatThrownBy(() -> peers.pass(address(), ASKED, Duration.ZERO))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.problem().status()).isEqualTo(502);
                    assertThat(refused.problem().code()).isEqualTo("answer-too-large");
                })
                .hasMessageContaining("more than 8388608 bytes");
    }

    @Test
    void an_address_that_is_none_is_as_one_that_does_not_answer() {
        HostInfo forged = new HostInfo("169.254.169.254/latest?", 80);

        assertThatThrownBy(() -> peers.pass(forged, ASKED, Duration.ZERO))
                .isInstanceOf(TableUnavailableException.class)
                .hasMessageContaining("no host:port");
        assertThat(peers.ask(forged, "/", UnaryOperator.identity(), Duration.ofSeconds(1)))
                .isCompletedExceptionally();
    }
}
