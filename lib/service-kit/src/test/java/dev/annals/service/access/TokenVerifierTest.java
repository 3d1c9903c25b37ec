package dev.annals.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.annals.service.AuthSettings;
import dev.annals.service.Settings;
import dev.annals.service.access.DeniedException.Reason;
import dev.annals.testsupport.http.TestIssuer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which tokens count. Keys are made here, and come from a server as a provider's do. */
class TokenVerifierTest {

    private static final RSAKey FOREIGN = TestIssuer.newKey("first"); // under the id of the right one
    private static TestIssuer issuer;
    private static TokenVerifier verifier;

    @BeforeAll
    static void start() throws Exception {
        issuer = new TestIssuer();
        verifier = verifier(issuer, Map.of());
    }

    @AfterAll
    static void stop() {
        issuer.close();
    }

    private static TokenVerifier verifier(TestIssuer from, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "annals.auth",
                "oidc",
                "annals.auth.issuer",
                from.address(),
                "annals.auth.audience",
                "another, " + TestIssuer.AUDIENCE,
                "annals.auth.policy",
                "unused"));
        settings.putAll(more);
        return new TokenVerifier(Objects.requireNonNull(
                AuthSettings.of(Settings.of(settings), true).provider()));
    }

    private static Reason refused(TokenVerifier by, String token) {
        DeniedException denied = catchThrowableOfType(DeniedException.class, () -> by.verify(token));
        assertThat(denied).as(token).isNotNull();
        return denied.reason();
    }

    @Test
    void a_token_says_who_asks() throws Exception {
        Principal ann = verifier.verify(issuer.token(
                "ann",
                claims -> claims.claim("realm_access", Map.of("roles", List.of("teller", "auditor")))
                        .claim("scope", "read write")));

        assertThat(ann.id()).isEqualTo(issuer.address() + "|ann");
        assertThat(ann.type()).isEqualTo("app_user");
        assertThat(ann.expires()).isAfter(Instant.now());
        assertThat(ann.list("realm_access.roles")).containsExactly("teller", "auditor");
        assertThat(ann.list("scope")).containsExactly("read", "write");
        assertThat(ann.list("realm_access")).isEmpty();
        assertThat(ann.list("no.such")).isEmpty();
    }

    @Test
    void a_token_has_not_expired_while_it_counts() throws Exception {
        Principal late = verifier.verify(issuer.token(
                "ann", claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(10)))));

        assertThat(late.expires()).isAfter(Instant.now());
    }

    @Test
    void a_client_that_asks_for_itself_is_a_service_account() throws Exception {
        assertThat(verifier.verify(issuer.token("shop", claims -> claims.claim("client_id", "shop")))
                        .type())
                .isEqualTo("service_account");
    }

    /** What is wrong with a token that is signed with the right key. */
    enum Wrong {
        ISSUER,
        NO_ISSUER,
        AUDIENCE,
        NO_AUDIENCE,
        EXPIRED,
        NO_EXPIRY,
        NOT_YET,
        NO_SUBJECT,
        BLANK_SUBJECT,
        LONG_SUBJECT;

        JWTClaimsSet.Builder in(JWTClaimsSet.Builder claims) {
            Instant now = Instant.now();
            return switch (this) {
                case ISSUER -> claims.issuer("https://evil.example");
                case NO_ISSUER -> claims.issuer(null);
                case AUDIENCE -> claims.audience("another-service");
                case NO_AUDIENCE -> claims.audience((String) null);
                case EXPIRED -> claims.expirationTime(Date.from(now.minusSeconds(31)));
                case NO_EXPIRY -> claims.expirationTime(null);
                case NOT_YET -> claims.notBeforeTime(Date.from(now.plusSeconds(60)));
                case NO_SUBJECT -> claims.subject(null);
                case BLANK_SUBJECT -> claims.subject(" ");
                case LONG_SUBJECT -> claims.subject("x".repeat(256));
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_token_with_a_wrong_claim_does_not_count(Wrong wrong) {
        assertThat(refused(verifier, issuer.token("ann", wrong::in))).isEqualTo(Reason.UNAUTHENTICATED);
    }

    @Test
    void clocks_may_differ_a_little() throws Exception {
        verifier.verify(issuer.token(
                "ann", claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(20)))));
    }

    @Test
    void another_key_under_the_same_id_does_not_count() {
        assertThat(refused(verifier, issuer.token(FOREIGN, "ann", claims -> claims)))
                .isEqualTo(Reason.UNAUTHENTICATED);
    }

    /** The classic attacks on algorithms: none at all, and the public key taken for a shared secret. */
    @Test
    void an_algorithm_that_the_token_chooses_does_not_count() throws Exception {
        JWTClaimsSet claims = issuer.claims("ann").build();
        assertThat(refused(verifier, new PlainJWT(claims).serialize())).isEqualTo(Reason.UNAUTHENTICATED);

        JWSHeader hmac = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .keyID(issuer.key().getKeyID())
                .build();
        byte[] publicKey = issuer.key().toRSAPublicKey().getEncoded();
        String asJson = issuer.key().toPublicJWK().toJSONString();
        for (byte[] secret : List.of(publicKey, asJson.getBytes(StandardCharsets.UTF_8))) {
            assertThat(refused(verifier, TestIssuer.sign(hmac, new MACSigner(secret), claims)))
                    .isEqualTo(Reason.UNAUTHENTICATED);
        }
    }

    /** Whatever is changed in a token, it must not say something else than was signed. */
    @Test
    void ten_thousand_mutations_of_a_token_do_not_count() throws Exception {
        String token = issuer.token("ann", claims -> claims.claim("roles", List.of("teller")));
        Principal ann = verifier.verify(token);
        Random random = new Random(20261202);
        for (int i = 0; i < 10_000; i++) {
            String mutated = mutation(token, random);
            try {
                // Base64 has spare bits in its last character, so that two texts are one signature.
                assertThat(verifier.verify(mutated))
                        .as("%s of %s", mutated, token)
                        .isEqualTo(ann);
                assertThat(mutated.substring(0, mutated.lastIndexOf('.')))
                        .isEqualTo(token.substring(0, token.lastIndexOf('.')));
            } catch (DeniedException e) {
                assertThat(e.reason()).isEqualTo(Reason.UNAUTHENTICATED);
            }
        }
    }

    private static String mutation(String token, Random random) {
        StringBuilder text = new StringBuilder(token);
        int at = random.nextInt(text.length());
        switch (random.nextInt(5)) {
            case 0 -> text.setCharAt(at, (char) (' ' + random.nextInt(95)));
            case 1 -> text.deleteCharAt(at);
            case 2 -> text.insert(at, (char) random.nextInt(0x3000));
            case 3 -> text.setLength(at);
            default -> text.insert(at, text.substring(random.nextInt(text.length())));
        }
        return text.toString().equals(token) ? "" : text.toString();
    }

    @Test
    void what_is_no_token_at_all_does_not_count() {
        for (String text : List.of("", ".", "..", "a.b.c", "x".repeat(20_000), "\u0000", "{}")) {
            assertThat(refused(verifier, text)).isEqualTo(Reason.UNAUTHENTICATED);
        }
    }

    @Test
    void a_key_that_the_issuer_has_revoked_counts_no_longer_than_keys_are_kept() throws Exception {
        try (TestIssuer rotating = new TestIssuer()) {
            TokenVerifier short1 = verifier(rotating, Map.of("annals.auth.jwks.lifetime.seconds", "1"));
            String before = rotating.token("ann", claims -> claims);
            short1.verify(before);

            rotating.rotate(TestIssuer.newKey("second"));

            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(refused(short1, before)).isEqualTo(Reason.UNAUTHENTICATED));
            short1.verify(rotating.token("ann", claims -> claims));
        }
    }

    @Test
    void a_new_key_is_asked_for_at_once_and_invented_ones_ask_for_no_more() throws Exception {
        try (TestIssuer rotating = new TestIssuer()) {
            TokenVerifier fresh = verifier(rotating, Map.of());
            fresh.verify(rotating.token("ann", claims -> claims));
            rotating.rotate(TestIssuer.newKey("second"));
            fresh.verify(rotating.token("ann", claims -> claims));

            int asked = rotating.asked();
            for (int i = 0; i < 50; i++) {
                RSAKey invented = new RSAKey.Builder(FOREIGN).keyID("key-" + i).build();
                refused(fresh, rotating.token(invented, "ann", claims -> claims));
            }
            assertThat(rotating.asked() - asked).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void while_the_issuer_is_away_its_known_keys_count() throws Exception {
        try (TestIssuer leaving = new TestIssuer()) {
            TokenVerifier kept = verifier(leaving, Map.of("annals.auth.jwks.lifetime.seconds", "1"));
            String token = leaving.token("ann", claims -> claims);
            kept.verify(token);
            leaving.goAway();
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
                kept.verify(token);
                return leaving.turnedAway() > 0; // its keys were asked for anew, and it did not answer
            });
            kept.verify(token);
        }
    }

    @Test
    void where_the_keys_were_never_had_nobody_can_tell() throws Exception {
        try (TestIssuer away = new TestIssuer()) {
            String token = away.token("ann", claims -> claims);
            away.goAway();

            assertThat(refused(verifier(away, Map.of()), token)).isEqualTo(Reason.UNAVAILABLE);
        }
    }

    @Test
    void keys_may_come_from_a_file(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("keys.json");
        Files.writeString(file, new JWKSet(issuer.key()).toString(true));
        TokenVerifier fromFile =
                verifier(issuer, Map.of("annals.auth.jwks.uri", file.toUri().toString()));

        assertThat(fromFile.verify(issuer.token("ann", claims -> claims)).subject())
                .isEqualTo("ann");
    }

    @Test
    void settings_that_would_let_others_in_are_refused() {
        assertThatThrownBy(() -> verifier(issuer, Map.of("annals.auth.algorithms", "HS256")))
                .hasMessageContaining("annals.auth.algorithms=HS256: expected some of RS256");
        assertThatThrownBy(() -> verifier(issuer, Map.of("annals.auth.algorithms", "none")))
                .hasMessageContaining("annals.auth.algorithms=none");
        assertThatThrownBy(() -> verifier(issuer, Map.of("annals.auth.issuer", "http://login.example")))
                .hasMessageContaining("annals.auth.issuer=http://login.example: expected an address with https");
        assertThatThrownBy(() -> verifier(issuer, Map.of("annals.auth.jwks.uri", "http://login.example/keys")))
                .hasMessageContaining("annals.auth.jwks.uri=http://login.example/keys");
        assertThatThrownBy(() -> verifier(issuer, Map.of("annals.auth.audience", "")))
                .hasMessageContaining("annals.auth.audience is not set");
        assertThatThrownBy(() -> AuthSettings.of(Settings.of(Map.of()), false))
                .hasMessageContaining("annals.auth=off on an address that others reach");
        assertThatThrownBy(() -> AuthSettings.of(Settings.of(Map.of("annals.auth", "on")), true))
                .hasMessageContaining("annals.auth=on: expected oidc, off or insecure");
        assertThatThrownBy(() -> verifier(issuer, Map.of("annals.auth.topics", "false")))
                .hasMessageContaining("annals.auth.topics=false: expected trusted or untrusted");
    }
}
