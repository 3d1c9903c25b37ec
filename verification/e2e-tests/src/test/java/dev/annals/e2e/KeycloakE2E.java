package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.annals.embedded.FreePorts;
import dev.annals.embedded.JvmCommand;
import dev.annals.embedded.Lifetime;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A command service and a query service that ask for tokens of a real provider: Keycloak, with the realm of
 * {@code docs/reference/access.md}. The last tests change what the provider has, and end it.
 */
@Tag("long")
@WithKafka(registry = true)
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class KeycloakE2E {

    private static final String REALM = "annals";
    private static final Duration READY_LIMIT = Duration.ofMinutes(3);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String OPEN = "{\"owner\":\"Ada\",\"currency\":\"EUR\",\"overdraftLimit\":\"100\"}";
    private static final JsonMapper JSON = new JsonMapper();

    private static final String POLICY = """
            roles.claim = realm_access.roles
            role.teller = command:accounts/*, read:accounts
            role.auditor = read:*
            """;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Process> services = new ArrayList<>();
    private final int commands = FreePorts.any();
    private final int queries = FreePorts.any();
    private final Path folder;
    private final Keycloak keycloak;

    KeycloakE2E(KafkaCluster kafka, @TempDir Path folder) throws Exception {
        this.folder = folder;
        Path realms = Path.of("src/test/resources/keycloak");
        keycloak =
                new Keycloak(folder, List.of(realms.resolve("annals-realm.json"), realms.resolve("other-realm.json")));
        String prefix = kafka.uniqueName("keycloak") + ".";
        start(kafka, prefix, "dev.annals.command.CommandService", commands);
        start(kafka, prefix, "dev.annals.query.QueryService", queries);
    }

    private void start(KafkaCluster kafka, String prefix, String service, int port) throws IOException {
        Properties settings = new Properties();
        settings.setProperty("kafka.bootstrap.servers", kafka.bootstrapServers());
        settings.setProperty("kafka.schema.registry.url", kafka.registryUrl());
        settings.setProperty("annals.topics.prefix", prefix);
        settings.setProperty("annals.topics.partitions", "1");
        settings.setProperty("annals.http.port", Integer.toString(port));
        settings.setProperty("annals.internal.port", "0");
        settings.setProperty("annals.state.dir", folder.resolve(service).toString());
        settings.setProperty("annals.auth", "oidc");
        settings.setProperty("annals.auth.issuer", keycloak.issuer(REALM));
        settings.setProperty("annals.auth.audience", "annals");
        settings.setProperty(
                "annals.auth.policy",
                Files.writeString(folder.resolve("policy.properties"), POLICY).toString());
        settings.setProperty("annals.auth.clock.skew.seconds", "0");
        settings.setProperty("annals.auth.jwks.lifetime.seconds", "2");
        settings.setProperty("annals.limits.commands.per.second", "0");
        Path config = folder.resolve(service + ".properties");
        try (Writer out = Files.newBufferedWriter(config)) {
            settings.store(out, null);
        }
        services.add(new JvmCommand(
                        service,
                        Installation.CURRENT.resolve("lib").toAbsolutePath() + "/*",
                        List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                        service,
                        List.of("--config", config.toString()),
                        folder.resolve(service + ".log"))
                .start(Lifetime.WITH_PARENT));
    }

    @BeforeAll
    void await_the_services() throws Exception {
        String ann = ann();
        String account = newId();
        await("the command service answers, logs in " + folder)
                .atMost(READY_LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptionsMatching(IOException.class::isInstance)
                .until(() -> Set.of(200, 201).contains(open(account, ann).statusCode()));
        await("the query service answers, logs in " + folder)
                .atMost(READY_LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptionsMatching(IOException.class::isInstance)
                .until(() -> events(account, ann).statusCode() == 200);
    }

    @AfterAll
    void stop() throws Exception {
        services.forEach(Process::destroyForcibly);
        keycloak.close();
    }

    private static String newId() {
        return "account-" + UUID.randomUUID();
    }

    private String ann() throws Exception {
        return keycloak.ofUser(REALM, "annals-users", "ann");
    }

    private HttpResponse<String> open(String account, String token) throws IOException, InterruptedException {
        return http.send(
                request(commands, "/v1/accounts/" + account + "/OpenAccount", token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(OPEN))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> events(String account, String token) throws IOException, InterruptedException {
        return http.send(
                request(queries, "/v1/accounts/" + account + "/events", token)
                        .GET()
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(int port, String path, String token) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token);
    }

    private void assertRefused(String token) throws Exception {
        assertThat(open(newId(), token).statusCode()).as("sent with %s", token).isEqualTo(401);
        assertThat(events("any", token).statusCode()).as("read with %s", token).isEqualTo(401);
    }

    /** Sends and reads; the headers of the event. */
    private JsonNode sendAndRead(String token) throws Exception {
        String account = newId();
        HttpResponse<String> sent = open(account, token);
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(201);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(items(events(account, token))).isNotEmpty());
        return items(events(account, token)).path(0).path("headers");
    }

    private static JsonNode items(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body()).path("items");
    }

    private static String subject(String token) throws Exception {
        return SignedJWT.parse(token).getJWTClaimsSet().getSubject();
    }

    @Test
    void a_user_with_the_role_sends_and_reads_and_is_named_on_the_event() throws Exception {
        String ann = ann();

        JsonNode headers = sendAndRead(ann);

        assertThat(headers.path("ce_authtype").asText()).isEqualTo("app_user");
        assertThat(headers.path("ce_authid").asText()).isEqualTo(keycloak.issuer(REALM) + "|" + subject(ann));
    }

    @Test
    void a_client_with_the_role_does_so_for_itself() throws Exception {
        JsonNode headers = sendAndRead(keycloak.ofClient(REALM, "shop"));

        assertThat(headers.path("ce_authtype").asText()).isEqualTo("service_account");
        assertThat(headers.path("ce_authid").asText()).isEqualTo(keycloak.issuer(REALM) + "|shop");
    }

    @Test
    void signatures_by_elliptic_curves_count_as_well() throws Exception {
        String token = keycloak.ofUser(REALM, "annals-users-es256", "ann");
        assertThat(SignedJWT.parse(token).getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);

        sendAndRead(token);
    }

    @Test
    void a_user_without_the_role_may_do_nothing_until_the_next_token_after_it_was_given() throws Exception {
        String before = keycloak.ofUser(REALM, "annals-users", "bob");
        assertThat(open(newId(), before).statusCode()).isEqualTo(403);
        assertThat(events("any", before).statusCode()).isEqualTo(403);

        keycloak.giveRole(REALM, "bob", "teller");

        assertThat(open(newId(), before).statusCode()).isEqualTo(403);
        sendAndRead(keycloak.ofUser(REALM, "annals-users", "bob"));
    }

    @Test
    void a_token_for_somebody_else_does_not_count() throws Exception {
        String token = keycloak.ofUser(REALM, "elsewhere", "ann");
        assertThat(SignedJWT.parse(token).getJWTClaimsSet().getAudience()).doesNotContain("annals");

        assertRefused(token);
    }

    @Test
    void a_token_of_another_realm_of_the_same_provider_does_not_count() throws Exception {
        String token = keycloak.ofUser("other", "annals-users", "ann");
        assertThat(SignedJWT.parse(token).getJWTClaimsSet().getAudience()).contains("annals");

        assertRefused(token);
    }

    @Test
    void a_token_counts_until_it_expires() throws Exception {
        String brief = keycloak.ofUser(REALM, "annals-users-briefly", "ann");
        assertThat(open(newId(), brief).statusCode()).isEqualTo(201);

        await().atMost(LIMIT).untilAsserted(() -> assertRefused(brief));
    }

    @Test
    void no_signature_and_one_by_the_public_key_as_a_secret_do_not_count() throws Exception {
        SignedJWT token = SignedJWT.parse(ann());
        RSAKey key = JWKSet.parse(keycloak.keys(REALM)).getKeys().stream()
                .filter(each -> each.getKeyType().equals(KeyType.RSA))
                .filter(each -> each.getKeyID().equals(token.getHeader().getKeyID()))
                .map(JWK::toRSAKey)
                .findFirst()
                .orElseThrow();
        String pem = "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
                .formatted(Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(key.toRSAPublicKey().getEncoded()));

        assertRefused(new PlainJWT(token.getJWTClaimsSet()).serialize());
        for (byte[] secret : List.of(
                key.toRSAPublicKey().getEncoded(),
                pem.getBytes(StandardCharsets.UTF_8),
                key.toJSONString().getBytes(StandardCharsets.UTF_8))) {
            SignedJWT forged = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .keyID(key.getKeyID())
                            .build(),
                    token.getJWTClaimsSet());
            forged.sign(new MACSigner(secret));
            assertRefused(forged.serialize());
        }
    }

    /** Flipped bits, parts that are cut, and parts of one token put into another, from a seed. */
    @Test
    void ten_thousand_mutations_of_valid_tokens_let_nobody_in() throws Exception {
        List<String> valid =
                List.of(ann(), keycloak.ofUser(REALM, "annals-users-es256", "ann"), keycloak.ofClient(REALM, "shop"));
        for (String token : valid) {
            sendAndRead(token);
        }
        Random random = new Random(20261202);
        Map<Integer, Integer> answers = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            String mutated = mutation(valid, random);
            int status = i % 2 == 0
                    ? open("mutated", mutated).statusCode()
                    : events("mutated", mutated).statusCode();
            assertThat(status).as("mutation %d: %s", i, mutated).isEqualTo(401);
            answers.merge(status, 1, Integer::sum);
        }
        assertThat(answers).containsExactly(Map.entry(401, 10_000));
        for (String token : valid) {
            sendAndRead(token); // they counted all along
        }
    }

    private static String mutation(List<String> valid, Random random) {
        String token;
        do {
            String[] parts = valid.get(random.nextInt(valid.size())).split("\\.", -1);
            int at = random.nextInt(3);
            switch (random.nextInt(4)) {
                case 0 -> parts[at] = flipped(parts[at], random);
                case 1 -> parts[at] = cut(parts[at], random);
                case 2 -> parts[at] = "";
                default -> parts[at] = valid.get(random.nextInt(valid.size())).split("\\.", -1)[random.nextInt(3)];
            }
            token = String.join(".", parts);
        } while (valid.contains(token));
        return token;
    }

    /** Of the bytes, since texts in base64 have spare bits. */
    private static String flipped(String part, Random random) {
        byte[] bytes = Base64.getUrlDecoder().decode(part);
        int bits = 1 + random.nextInt(3);
        for (int i = 0; i < bits; i++) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String cut(String part, Random random) {
        byte[] bytes = Base64.getUrlDecoder().decode(part);
        int from = random.nextInt(bytes.length);
        byte[] rest =
                random.nextBoolean() ? Arrays.copyOfRange(bytes, from + 1, bytes.length) : Arrays.copyOf(bytes, from);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(rest);
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void a_new_key_counts_at_once_and_one_that_was_removed_no_longer_than_keys_are_kept() throws Exception {
        String before = ann();
        List<String> old = keycloak.addKey(REALM);
        String after = ann();
        assertThat(SignedJWT.parse(after).getHeader().getKeyID())
                .isNotEqualTo(SignedJWT.parse(before).getHeader().getKeyID());
        sendAndRead(after);
        sendAndRead(before);

        for (String component : old) {
            keycloak.removeKey(REALM, component);
        }

        await().atMost(LIMIT).untilAsserted(() -> assertRefused(before));
        sendAndRead(after);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void tokens_go_on_to_count_while_the_provider_is_stopped() throws Exception {
        String token = ann();
        keycloak.close();

        // Longer than keys are kept for, so they were asked for in vain.
        await().during(Duration.ofSeconds(6)).atMost(LIMIT).untilAsserted(() -> sendAndRead(token));
    }
}
