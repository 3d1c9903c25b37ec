package dev.annals.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a service with a certificate that no JDK trusts. */
class CredentialsTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path folder;

    private static final List<String> ASKED = new CopyOnWriteArrayList<>();
    private static Path certificate;
    private static HttpsServer server;
    private static URI address;

    @BeforeAll
    static void start() throws Exception {
        certificate = folder.resolve("certificate.pem");
        keytool("-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=annals", "-ext", "san=dns:localhost");
        keytool("-exportcert", "-rfc", "-alias", "a", "-file", certificate.toString());
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(serverTls()));
        server.createContext("/", exchange -> {
            ASKED.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        address = URI.create("https://localhost:" + server.getAddress().getPort());
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-keystore", folder.resolve("keys.p12").toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private static SSLContext serverTls() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    private static ServiceClient client(Credentials credentials) {
        return new ServiceClient("query service", address, credentials);
    }

    @Test
    void a_service_is_believed_by_the_authorities_of_the_file() {
        assertThat(client(Credentials.NONE.trusting(certificate)).get("/").isObject())
                .isTrue();
    }

    @Test
    void without_it_nothing_is_sent_and_the_message_says_what_to_do() {
        int before = ASKED.size();

        assertThatThrownBy(
                        () -> client(Credentials.NONE.withToken("test", "abc")).get("/"))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("--cacert FILE");

        assertThat(ASKED).hasSize(before);
    }

    @Test
    void another_name_than_that_of_the_certificate_is_not_believed() {
        URI byAddress = URI.create("https://127.0.0.1:" + address.getPort());

        assertThatThrownBy(() ->
                        new ServiceClient("query service", byAddress, Credentials.NONE.trusting(certificate)).get("/"))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("not trusted");
    }

    @Test
    void a_token_that_is_renewed_in_its_file_counts_from_the_next_request_on() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "first");
        ServiceClient client = client(Credentials.NONE.trusting(certificate).withTokenOf(file));

        client.get("/");
        Files.writeString(file, "second");
        client.post("/", "{}", Map.of(), ServiceClient.ANSWER_LIMIT);

        assertThat(ASKED.subList(ASKED.size() - 2, ASKED.size())).containsExactly("Bearer first", "Bearer second");
    }

    @Test
    void a_file_without_certificates_is_named() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        Path none = Files.writeString(folder.resolve("none.pem"), "no certificate");

        for (Path each : List.of(empty, none, folder.resolve("missing.pem"))) {
            assertThatThrownBy(() -> Credentials.NONE.trusting(each))
                    .isInstanceOf(OperationFailedException.class)
                    .hasMessageContaining(each.toString());
        }
    }
}
