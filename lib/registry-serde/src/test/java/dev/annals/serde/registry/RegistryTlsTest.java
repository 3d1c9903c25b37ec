package dev.annals.serde.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTlsTest {

    private static final String PASSWORD = "changeit";
    private static final FakeRegistry.Reply A_STRING = FakeRegistry.Reply.ok("{\"schema\":\"\\\"string\\\"\"}");

    @TempDir
    private static Path folder;

    private static Path keys;
    private static Path certificate;

    @BeforeAll
    static void make_a_self_signed_certificate() throws Exception {
        keys = folder.resolve("keys.p12");
        certificate = folder.resolve("certificate.pem");
        keytool("-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1");
        keytool("-exportcert", "-rfc", "-alias", "a", "-file", certificate.toString());
    }

    @Test
    void a_registry_whose_certificate_is_trusted_answers() throws Exception {
        try (FakeRegistry registry = FakeRegistry.withTls(serverTls(), false, A_STRING);
                SchemaRegistryClient client = client(registry, trust())) {
            assertThat(client.schemaById(1).getType()).isEqualTo(Schema.Type.STRING);
        }
    }

    @Test
    void a_trusted_certificate_may_be_pem() throws Exception {
        Map<String, Object> pem = Map.of(
                "schema.registry.ssl.truststore.type",
                "PEM",
                "schema.registry.ssl.truststore.location",
                certificate.toString());
        try (FakeRegistry registry = FakeRegistry.withTls(serverTls(), false, A_STRING);
                SchemaRegistryClient client = client(registry, pem)) {
            assertThat(client.schemaById(1).getType()).isEqualTo(Schema.Type.STRING);
        }
    }

    @Test
    void a_registry_that_is_not_trusted_is_unavailable() throws Exception {
        try (FakeRegistry registry = FakeRegistry.withTls(serverTls(), false, A_STRING);
                SchemaRegistryClient client = client(registry, Map.of())) {
            assertThatThrownBy(() -> client.schemaById(1))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("PKIX");
        }
    }

    @Test
    void a_client_shows_its_certificate_to_a_registry_that_asks() throws Exception {
        Map<String, Object> mutual = new HashMap<>(trust());
        mutual.put("schema.registry.ssl.keystore.type", "PKCS12");
        mutual.put("schema.registry.ssl.keystore.location", keys.toString());
        mutual.put("schema.registry.ssl.keystore.password", PASSWORD);
        mutual.put("schema.registry.ssl.key.password", PASSWORD);
        try (FakeRegistry registry = FakeRegistry.withTls(serverTls(), true, A_STRING);
                SchemaRegistryClient known = client(registry, mutual);
                SchemaRegistryClient stranger = client(registry, trust())) {
            assertThat(known.schemaById(1).getType()).isEqualTo(Schema.Type.STRING);
            assertThatThrownBy(() -> stranger.schemaById(1)).isInstanceOf(RegistryUnavailableException.class);
        }
    }

    private static SchemaRegistryClient client(FakeRegistry registry, Map<String, Object> ssl) {
        Map<String, Object> configs = new HashMap<>(ssl);
        configs.put("schema.registry.url", "https://127.0.0.1:" + registry.port());
        configs.put("schema.registry.max.retries", 0);
        return SchemaRegistryClient.create(configs);
    }

    private static Map<String, Object> trust() {
        return Map.of(
                "schema.registry.ssl.truststore.type",
                "PKCS12",
                "schema.registry.ssl.truststore.location",
                keys.toString(),
                "schema.registry.ssl.truststore.password",
                PASSWORD);
    }

    private static SSLContext serverTls() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(store, PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("a", store.getCertificate("a"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", keys.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
