package dev.annals.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.service.Domains;
import dev.annals.service.InternalSettings;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import dev.annals.service.TestDomain;
import dev.annals.service.access.AccessControl;
import dev.annals.testsupport.http.TestCertificates;
import dev.annals.testsupport.http.TestIssuer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HeldCertificate;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with certificates for clients, and a connector for instances, which asks for theirs. */
class TlsTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String CERTIFICATE = "own.pem";
    private static final String KEY = "own.key";

    private static final TestCertificates AUTHORITY = new TestCertificates();
    private static final HeldCertificate OWN = AUTHORITY.sign("localhost", "annals-1.example");
    private static final ServiceMetrics METRICS = new ServiceMetrics();

    @TempDir
    private static Path shared;

    private static TestIssuer issuer;
    private static HttpServer server;

    @BeforeAll
    static void start() throws Exception {
        issuer = new TestIssuer();
        Files.writeString(shared.resolve("policy.properties"), "role.reader = read:counts\n");
        AUTHORITY.writeAuthority(shared.resolve("ca.pem"));
        write(shared, OWN);
        server = server(config(shared, Map.of()));
    }

    private static void write(Path folder, HeldCertificate certificate) {
        TestCertificates.writeKey(folder.resolve(KEY), certificate);
        TestCertificates.writeCertificate(folder.resolve(CERTIFICATE), certificate);
    }

    @AfterAll
    static void stop() {
        server.close();
        issuer.close();
        METRICS.close();
    }

    private static ServiceConfig config(Path folder, Map<String, String> other) {
        String certificate = folder.resolve(CERTIFICATE).toString();
        String key = folder.resolve(KEY).toString();
        Map<String, String> settings = new HashMap<>(Map.ofEntries(
                Map.entry("kafka.bootstrap.servers", "localhost:1"),
                Map.entry("annals.auth", "oidc"),
                Map.entry("annals.auth.issuer", issuer.address()),
                Map.entry("annals.auth.audience", TestIssuer.AUDIENCE),
                Map.entry(
                        "annals.auth.policy",
                        shared.resolve("policy.properties").toString()),
                Map.entry("annals.http.tls.certificate", certificate),
                Map.entry("annals.http.tls.key", key),
                Map.entry("annals.internal.port", "0"),
                Map.entry("annals.internal.tls.certificate", certificate),
                Map.entry("annals.internal.tls.key", key),
                Map.entry("annals.internal.tls.ca", shared.resolve("ca.pem").toString())));
        settings.putAll(issuer.settings(shared.resolve("policy.properties")));
        settings.putAll(other);
        settings.values().removeIf(String::isEmpty);
        return ServiceConfig.of(Settings.of(settings), 0);
    }

    private static HttpServer server(ServiceConfig config) {
        return HttpServer.start(
                config,
                METRICS,
                List::of,
                JsonNodeFactory.instance::objectNode,
                AccessControl.of(config.auth(), new Domains(List.of(new TestDomain("counts")))),
                routes -> routes.get(
                                "/who",
                                ctx -> ctx.result(Requests.caller(ctx).principal() + " " + PeerClient.isPassedOn(ctx)),
                                RouteAccess.KNOWN)
                        .post("/internal/x", ctx -> ctx.result("internal"), RouteAccess.INTERNAL),
                List.of());
    }

    private static HttpResponse<String> send(
            SSLContext context, String method, int port, String path, String... headers)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create("https://localhost:%d%s".formatted(port, path)))
                    .method(method, BodyPublishers.noBody())
                    .timeout(LIMIT);
            if (headers.length > 0) {
                request.headers(headers);
            }
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private static HttpResponse<String> ofClient(String method, String path, String... headers) throws Exception {
        return send(AUTHORITY.client(null), method, server.port(), path, headers);
    }

    private static HttpResponse<String> ofInstance(@Nullable HeldCertificate certificate, String method, String path)
            throws IOException, InterruptedException {
        return send(AUTHORITY.client(certificate), method, server.internalPort(), path);
    }

    private static String token() throws Exception {
        return "Bearer " + issuer.token("ada", claims -> claims.claim("roles", "reader"));
    }

    @Test
    void clients_are_answered_over_tls_and_told_to_stay_with_it() throws Exception {
        HttpResponse<String> answer = ofClient("GET", "/who", "Authorization", token());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().map())
                .containsEntry("Strict-Transport-Security", List.of("max-age=31536000"))
                .containsEntry("X-Content-Type-Options", List.of("nosniff"))
                .containsEntry("Cache-Control", List.of("no-store"));
        assertThat(METRICS.scrape()).contains("annals_tls_certificate_expires_seconds{connector=\"internal\"}");
    }

    @Test
    void what_is_for_instances_no_client_gets_with_or_without_a_token() throws Exception {
        assertThat(ofClient("POST", "/internal/x").statusCode()).isEqualTo(401);
        assertThat(ofClient("POST", "/internal/x", "Authorization", token(), "X-Annals-Hop", "1")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void no_client_is_believed_to_be_an_instance() throws Exception {
        assertThat(ofClient("GET", "/who", "Authorization", token(), "x-annals-hop", "1")
                        .body())
                .endsWith(" false");
    }

    @Test
    void an_instance_gets_what_is_for_instances_and_says_for_whom_it_asks() throws Exception {
        assertThat(ofInstance(OWN, "POST", "/internal/x").body()).isEqualTo("internal");
        assertThat(ofInstance(OWN, "GET", "/who").statusCode()).isEqualTo(401); // nobody, by a certificate alone
        HttpResponse<String> passedOn = send(
                AUTHORITY.client(OWN),
                "GET",
                server.internalPort(),
                "/who",
                "Authorization",
                token(),
                "X-Annals-Hop",
                "1");
        assertThat(passedOn.body()).endsWith(" true").contains(issuer.address());
    }

    @Test
    void without_a_certificate_nobody_is_an_instance() {
        assertThatIOException().isThrownBy(() -> ofInstance(null, "POST", "/internal/x"));
    }

    @Test
    void another_authoritys_certificate_is_none_of_an_instance() {
        HeldCertificate foreign = new TestCertificates().sign("localhost", "annals-1.example");

        assertThatIOException().isThrownBy(() -> ofInstance(foreign, "POST", "/internal/x"));
    }

    @Test
    void a_certificate_for_something_else_is_none_of_an_instance() {
        HeldCertificate other = AUTHORITY.sign("payroll.example");

        assertThatIOException().isThrownBy(() -> ofInstance(other, "POST", "/internal/x"));
    }

    @Test
    void an_expired_certificate_is_none_of_an_instance() {
        HeldCertificate expired = AUTHORITY.signUntil(Instant.now().minusSeconds(1), "localhost");

        assertThatIOException().isThrownBy(() -> ofInstance(expired, "POST", "/internal/x"));
    }

    @Test
    void instances_ask_each_other_by_their_certificates() throws Exception {
        try (PeerClient peers = PeerClient.of(config(shared, Map.of()))) {
            HttpRequest request = peers.request(new HostInfo("localhost", server.internalPort()), "/internal/x")
                    .POST(BodyPublishers.noBody())
                    .build();

            assertThat(peers.send(request, PeerClient.wholeAnswer()).body())
                    .asString(UTF_8)
                    .isEqualTo("internal");
        }
    }

    @Test
    void an_instance_asks_nobody_who_has_not_the_name_of_one() {
        try (PeerClient peers = PeerClient.of(config(shared, Map.of(InternalSettings.NAMES, "*.annals.example")))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> peers.request(new HostInfo("payroll.example", 8080), "/internal/x"))
                    .withMessageContaining(InternalSettings.NAMES);
        }
    }

    @Test
    void an_instance_asks_nobody_whose_certificate_has_another_name() {
        String elsewhere = "127.0.0.1"; // where it listens too, but not what its certificate says
        try (PeerClient peers = PeerClient.of(config(shared, Map.of(InternalSettings.NAMES, elsewhere)))) {
            HttpRequest request = peers.request(new HostInfo(elsewhere, server.internalPort()), "/internal/x")
                    .POST(BodyPublishers.noBody())
                    .build();

            assertThatIOException().isThrownBy(() -> peers.send(request, PeerClient.wholeAnswer()));
        }
    }

    @Test
    void instances_that_nothing_tells_from_clients_ask_each_other_for_nothing() {
        Map<String, String> none = Map.of(
                "annals.internal.port",
                "",
                "annals.internal.tls.certificate",
                "",
                "annals.internal.tls.key",
                "",
                "annals.internal.tls.ca",
                "");
        try (PeerClient peers = PeerClient.of(config(shared, none))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> peers.request(new HostInfo("localhost", 1), "/v1/counts/1"))
                    .withMessageContaining(InternalSettings.PORT);
        }
    }

    @Test
    void a_renewed_certificate_is_used_without_a_restart_by_who_is_asked_and_who_asks(@TempDir Path folder)
            throws Exception {
        write(folder, OWN);
        ServiceConfig config = config(folder, Map.of());
        try (HttpServer asked = server(config);
                PeerClient peers = PeerClient.of(config)) {
            HeldCertificate renewed = AUTHORITY.sign("localhost");
            write(folder, renewed);

            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(certificateOf(asked)).isEqualTo(renewed.certificate()));
            HttpRequest request = peers.request(new HostInfo("localhost", asked.internalPort()), "/internal/x")
                    .POST(BodyPublishers.noBody())
                    .build();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(peers.send(request, PeerClient.wholeAnswer())
                                    .sslSession()
                                    .orElseThrow()
                                    .getLocalCertificates())
                            .contains(renewed.certificate()));
        }
    }

    private static Certificate certificateOf(HttpServer asked) throws Exception {
        return send(AUTHORITY.client(null), "GET", asked.port(), "/health/live")
                .sslSession()
                .orElseThrow()
                .getPeerCertificates()[0];
    }

    /** Of two files one is always written first. */
    @Test
    void a_certificate_without_its_key_is_not_used_and_the_one_before_is(@TempDir Path folder) throws Exception {
        write(folder, OWN);
        try (HttpServer asked = server(config(folder, Map.of()))) {
            HeldCertificate renewed = AUTHORITY.sign("localhost");
            TestCertificates.writeCertificate(folder.resolve(CERTIFICATE), renewed);
            await().during(Duration.ofMillis(1_200))
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(certificateOf(asked)).isEqualTo(OWN.certificate()));

            TestCertificates.writeKey(folder.resolve(KEY), renewed);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(certificateOf(asked)).isEqualTo(renewed.certificate()));
        }
    }

    @Test
    void a_key_of_another_certificate_keeps_a_service_from_starting(@TempDir Path folder) {
        write(folder, OWN);
        TestCertificates.writeKey(folder.resolve(KEY), AUTHORITY.sign("localhost"));
        ServiceConfig config = config(folder, Map.of());

        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> server(config))
                .withMessageContaining(CERTIFICATE)
                .withMessageContaining("the key is not that of the certificate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "annals.internal.tls.ca",
                "annals.internal.tls.key",
                "annals.internal.port",
                "annals.http.tls.key"
            })
    void a_setting_that_is_missing_is_named(String missing) {
        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> config(shared, Map.of(missing, "")))
                .withMessageContaining(missing + " is not set");
    }

    /** Else instances would talk in clear, where somebody meant them to know each other. */
    @Test
    void an_authority_for_no_certificate_is_refused() {
        Map<String, String> none = Map.of("annals.internal.tls.certificate", "", "annals.internal.tls.key", "");

        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> config(shared, none))
                .withMessageContaining("annals.internal.tls.certificate is not set");
    }

    @Test
    void a_port_for_instances_that_others_reach_needs_certificates() {
        Map<String, String> open = Map.of(
                "annals.internal.host",
                "0.0.0.0",
                "annals.internal.tls.certificate",
                "",
                "annals.internal.tls.key",
                "",
                "annals.internal.tls.ca",
                "");

        assertThatExceptionOfType(StartupException.class)
                .isThrownBy(() -> config(shared, open))
                .withMessageContaining("annals.internal.tls.certificate is not set");
    }
}
