package dev.annals.checker.fuzz;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.annals.checker.cluster.Layout;
import dev.annals.checker.cluster.Placement;
import dev.annals.service.AuditSettings;
import dev.annals.service.AuthSettings;
import dev.annals.service.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;

/**
 * An OpenID provider without a server: its keys in a file, a policy with a role that may do everything, and tokens,
 * right and wrong ones. Immutable.
 *
 * @param settings of a service that takes its tokens
 * @param right a token that counts
 */
record Tokens(Map<String, String> settings, String right, List<String> wrong) {

    private static final String ISSUER = "https://issuer.example";
    private static final String AUDIENCE = "annals-fuzz";
    private static final String ROLE = "everything";
    private static final String AUDIT = "audit";

    /** In a setting: the name of the process. */
    private static final String SERVICE = "SERVICE";

    private static final int KEY_BITS = 2_048;
    private static final Duration LIFE = Duration.ofDays(2);
    private static final long STREAM = 3;
    private static final int MUTANTS = 200;

    /** How often the right one stands among those that are sent, for each wrong one. */
    private static final int RIGHT = 4;

    Tokens {
        settings = Map.copyOf(settings);
        wrong = List.copyOf(wrong);
    }

    /** @param folder takes the keys and the policy */
    static Tokens of(Path folder, long seed) throws IOException, JOSEException {
        RSAKey key = new RSAKeyGenerator(KEY_BITS).keyID("fuzz").generate();
        RSAKey other = new RSAKeyGenerator(KEY_BITS).keyID("fuzz").generate();
        Path keys = Files.writeString(folder.resolve("keys.json"), new JWKSet(key.toPublicJWK()).toString(true));
        Files.createDirectories(folder.resolve(AUDIT));
        Path policy = Files.writeString(folder.resolve("policy.properties"), "role.%s = *%n".formatted(ROLE));
        Instant now = Instant.now();
        String right = signed(key, claims(now.plus(LIFE)).build());
        List<String> wrong = new ArrayList<>(List.of(
                signed(other, claims(now.plus(LIFE)).build()),
                signed(key, claims(now.minus(LIFE)).build()),
                signed(key, claims(now.plus(LIFE)).audience("another").build()),
                signed(key, claims(now.plus(LIFE)).subject("s".repeat(500)).build()),
                signed(
                        key,
                        claims(now.plus(LIFE))
                                .claim("roles", Map.of("a", List.of(1)))
                                .build()),
                signed(key, claims(now.plus(LIFE)).claim("roles", null).build()),
                base64("{\"alg\":\"none\"}") + "." + base64("{\"sub\":\"x\"}") + ".",
                base64("{\"alg\":\"HS256\"}") + "." + base64("{\"sub\":\"x\"}") + ".AAAA",
                base64("{\"alg\":\"RS256\",\"kid\":\"../../x\",\"jku\":\"http://127.0.0.1:1/\"}") + ".e30.AAAA",
                base64("{".repeat(2_000)) + ".e30.AAAA",
                "..",
                ""));
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = Hostile.mutated(right.getBytes(StandardCharsets.US_ASCII), Dice.of(seed, STREAM, i));
            wrong.add(new String(mutant, StandardCharsets.ISO_8859_1).replaceAll("[^!-~]", ""));
        }
        return new Tokens(
                Map.of(
                        AuthSettings.MODE,
                        "oidc",
                        AuthSettings.ISSUER,
                        ISSUER,
                        AuthSettings.AUDIENCE,
                        AUDIENCE,
                        AuthSettings.KEYS,
                        keys.toUri().toString(),
                        AuthSettings.POLICY,
                        policy.toString(),
                        AuditSettings.AUDIT,
                        folder.resolve(AUDIT).resolve(SERVICE + ".log").toString(),
                        Limits.COMMANDS,
                        "0",
                        Limits.READS,
                        "0",
                        Limits.LIVE_READERS,
                        "0"),
                right,
                wrong);
    }

    private static JWTClaimsSet.Builder claims(Instant expiry) {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject("fuzz")
                .claim("roles", List.of(ROLE))
                .expirationTime(Date.from(expiry));
    }

    private static String signed(RSAKey key, JWTClaimsSet claims) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** All services of the layout ask for these tokens. */
    Layout in(Layout layout) {
        Layout asking = layout;
        for (Target each : Target.values()) {
            Placement placement = asking.placement(each.process());
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                placement = placement.with(setting.getKey(), setting.getValue().replace(SERVICE, each.process()));
            }
            asking = asking.placing(each.process(), placement);
        }
        return asking;
    }

    /** Of a client that may do everything. */
    Map<String, String> authorization() {
        return Map.of("Authorization", "Bearer " + right);
    }

    /** Headers of requests: mostly the right one. */
    List<String> authorizations() {
        List<String> all = new ArrayList<>(Collections.nCopies(RIGHT * wrong.size(), "Bearer " + right));
        wrong.forEach(token -> all.add("Bearer " + token));
        all.addAll(List.of("Bearer", "Basic eDp5", "bearer " + right, "Bearer  " + right + " " + right, "Digest a=b"));
        return all;
    }
}
