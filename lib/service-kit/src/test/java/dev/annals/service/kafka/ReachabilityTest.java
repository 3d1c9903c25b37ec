package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class ReachabilityTest {

    private static Reachability of(String servers, String... protocol) {
        Map<String, String> settings = new HashMap<>(Map.of("kafka.bootstrap.servers", servers));
        if (protocol.length > 0) {
            settings.put("kafka.security.protocol", protocol[0]);
        }
        return new Reachability(ServiceConfig.of(Settings.of(settings), 0));
    }

    private static String silence(Reachability kafka) {
        return kafka.describe(new ExecutionException(new TimeoutException("Timed out waiting for a node assignment.")));
    }

    private static ServerSocket listener() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @Test
    void a_server_where_nobody_listens_is_named_and_so_is_each() throws IOException {
        int free;
        try (ServerSocket closed = listener()) {
            free = closed.getLocalPort();
        }

        assertThat(silence(of("127.0.0.1:%d, 127.0.0.1:%d".formatted(free, free))))
                .isEqualTo("127.0.0.1:%d: Connection refused; 127.0.0.1:%d: Connection refused".formatted(free, free));
    }

    @Test
    void a_server_that_takes_connections_and_says_nothing_may_have_another_protocol() throws IOException {
        try (ServerSocket silent = listener()) {
            assertThat(silence(of("127.0.0.1:" + silent.getLocalPort())))
                    .contains("takes connections, but does not answer", "kafka.security.protocol=PLAINTEXT");
            assertThat(silence(of("127.0.0.1:" + silent.getLocalPort(), "SASL_SSL")))
                    .contains("kafka.security.protocol=SASL_SSL");
        }
    }

    @Test
    void a_failure_about_tls_is_told_with_what_lies_at_its_bottom() {
        assertThat(of("localhost:1")
                        .describe(new SslAuthenticationException(
                                "SSL handshake failed",
                                new SSLHandshakeException("unable to find valid certification path"))))
                .isEqualTo("SslAuthenticationException: SSL handshake failed: unable to find valid certification path");
        assertThat(of("localhost:1")
                        .describe(new SaslAuthenticationException("Authentication failed: Invalid password")))
                .isEqualTo("SaslAuthenticationException: Authentication failed: Invalid password");
    }

    @Test
    void a_refusal_is_an_answer_except_of_the_credentials() {
        assertThat(Reachability.isSilence(new ExecutionException(new AuthorizationException("no"))))
                .isFalse();
        assertThat(Reachability.isSilence(new ExecutionException(new SaslAuthenticationException("no"))))
                .isTrue();
        assertThat(Reachability.isSilence(new ExecutionException(new TimeoutException("no"))))
                .isTrue();
    }
}
