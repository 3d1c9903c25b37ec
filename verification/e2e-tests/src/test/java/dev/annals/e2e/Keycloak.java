package dev.annals.e2e;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.embedded.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keycloak as a process on loopback, with its own database in a file, and realms that it reads at the start. The build
 * unpacks its distribution with the profile {@code long}. For one thread.
 */
final class Keycloak implements AutoCloseable {

    private static final Path UNPACKED = Path.of("target/keycloak");
    private static final Duration START_LIMIT = Duration.ofMinutes(8);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);
    private static final String ADMIN = "admin";
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = FreePorts.any();
    private final Process process;

    /** @param folder takes the data and the log */
    Keycloak(Path folder, List<Path> realms) throws Exception {
        Path home = home();
        Path imports = Files.createDirectories(home.resolve("data/import"));
        for (Path realm : realms) {
            Files.copy(realm, imports.resolve(realm.getFileName()));
        }
        Path log = folder.resolve("keycloak.log");
        ProcessBuilder builder = new ProcessBuilder(
                "bash",
                home.resolve("bin/kc.sh").toString(),
                "start-dev",
                "--import-realm",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--hostname=" + address(),
                "--cache=local");
        builder.environment()
                .putAll(Map.of(
                        "JAVA_HOME", System.getProperty("java.home"),
                        "KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN,
                        "KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN));
        process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        await("Keycloak answers, log in " + log)
                .atMost(START_LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .failFast("Keycloak has ended, log in " + log, () -> !process.isAlive())
                .until(() -> answers(issuer("annals") + "/.well-known/openid-configuration"));
    }

    /** What the build has unpacked, without what an earlier run has left. */
    private static Path home() throws IOException {
        try (Stream<Path> found = Files.list(UNPACKED)) {
            Path home = found.filter(each -> Files.exists(each.resolve("bin/kc.sh")))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no Keycloak in " + UNPACKED.toAbsolutePath()))
                    .toAbsolutePath();
            Path data = home.resolve("data");
            if (Files.exists(data)) {
                try (Stream<Path> old = Files.walk(data)) {
                    old.sorted(Comparator.reverseOrder()).forEach(Keycloak::delete);
                }
            }
            return home;
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    String issuer(String realm) {
        return address() + "/realms/" + realm;
    }

    private boolean answers(String address) throws InterruptedException {
        try {
            return send(HttpRequest.newBuilder(URI.create(address))).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** An access token of a user, by name and password. */
    String ofUser(String realm, String client, String user) throws Exception {
        return token(
                realm,
                Map.of("grant_type", "password", "client_id", client, "username", user, "password", user + "-secret"));
    }

    /** An access token of a client that asks for itself. */
    String ofClient(String realm, String client) throws Exception {
        return token(
                realm,
                Map.of("grant_type", "client_credentials", "client_id", client, "client_secret", client + "-secret"));
    }

    private String token(String realm, Map<String, String> form) throws Exception {
        String body = form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create(issuer(realm) + "/protocol/openid-connect/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
        return JSON.readTree(expect(200, answer)).path("access_token").asText();
    }

    /** The public keys of a realm, as it tells everybody. */
    String keys(String realm) throws Exception {
        return expect(200, send(HttpRequest.newBuilder(URI.create(issuer(realm) + "/protocol/openid-connect/certs"))));
    }

    /** Has a realm sign with a new RSA key, and says how its keys so far are called to the administrator. */
    List<String> addKey(String realm) throws Exception {
        String keyProviders = "org.keycloak.keys.KeyProvider";
        JsonNode before = administer(200, "GET", realm, "/components?type=" + keyProviders, "");
        administer(201, "POST", realm, "/components", """
                {
                  "name": "newer", "providerId": "rsa-generated", "providerType": "%s",
                  "config": {"priority": ["200"], "algorithm": ["RS256"], "keySize": ["2048"]}
                }
                """.formatted(keyProviders));
        return before.valueStream()
                .filter(each -> each.path("providerId").asText().equals("rsa-generated"))
                .map(each -> each.path("id").asText())
                .toList();
    }

    void removeKey(String realm, String component) throws Exception {
        administer(204, "DELETE", realm, "/components/" + component, "");
    }

    void giveRole(String realm, String user, String role) throws Exception {
        String id = administer(200, "GET", realm, "/users?exact=true&username=" + user, "")
                .path(0)
                .path("id")
                .asText();
        JsonNode found = administer(200, "GET", realm, "/roles/" + role, "");
        administer(204, "POST", realm, "/users/" + id + "/role-mappings/realm", "[" + found + "]");
    }

    private JsonNode administer(int expected, String method, String realm, String path, String body) throws Exception {
        String token = token(
                "master",
                Map.of("grant_type", "password", "client_id", "admin-cli", "username", ADMIN, "password", ADMIN));
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create(address() + "/admin/realms/" + realm + path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body)));
        return JSON.readTree(expect(expected, answer));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(REQUEST_LIMIT).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String expect(int status, HttpResponse<String> answer) {
        if (answer.statusCode() != status) {
            throw new AssertionError("%s: %d %s".formatted(answer.request().uri(), answer.statusCode(), answer.body()));
        }
        return answer.body();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
