package dev.annals.checker.fuzz;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.annals.checker.cluster.Layout;
import dev.annals.checker.cluster.Placement;
import dev.annals.service.AuditSettings;
import dev.annals.service.Limits;
import dev.annals.testsupport.http.TestIssuer;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tokens of an OpenID provider on loopback, right and wrong ones, and a policy with a role that may do everything.
 *
 * @param issuer who is asked for keys
 * @param settings of a service that takes its tokens
 * @param right a token that counts
 */
record Tokens(TestIssuer issuer, Map<String, String> settings, String right, List<String> wrong)
        implements AutoCloseable {

    private static final String ROLE = "everything";
    private static final String AUDIT = "audit";

    /** In a setting: the name of the process. */
    private static final String SERVICE = "SERVICE";

    private static final Duration LIFE = Duration.ofDays(2);
    private static final long STREAM = 3;
    private static final int MUTANTS = 200;

    /** How often the right one stands among those that are sent, for each wrong one. */
    private static final int RIGHT = 4;

    Tokens {
        settings = Map.copyOf(settings);
        wrong = List.copyOf(wrong);
    }

    /** @param folder takes the policy and the audit logs */
    static Tokens of(Path folder, long seed) throws IOException {
        TestIssuer issuer = new TestIssuer();
        RSAKey other = TestIssuer.newKey(issuer.key().getKeyID());
        Files.createDirectories(folder.resolve(AUDIT));
        Path policy = Files.writeString(folder.resolve("policy.properties"), "role.%s = *%n".formatted(ROLE));
        String right = issuer.token("fuzz", Tokens::claims);
        List<String> wrong = new ArrayList<>(List.of(
                issuer.token(other, "fuzz", Tokens::claims),
                issuer.token(
                        "fuzz",
                        claims -> claims(claims)
                                .expirationTime(Date.from(Instant.now().minus(LIFE)))),
                issuer.token("fuzz", claims -> claims(claims).audience("another")),
                issuer.token("s".repeat(500), Tokens::claims),
                issuer.token("fuzz", claims -> claims(claims).claim("roles", Map.of("a", List.of(1)))),
                issuer.token("fuzz", claims -> claims(claims).claim("roles", null)),
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
        Map<String, String> settings = new HashMap<>(issuer.settings(policy));
        settings.put(
                AuditSettings.AUDIT,
                folder.resolve(AUDIT).resolve(SERVICE + ".log").toString());
        List.of(Limits.COMMANDS, Limits.READS, Limits.LIVE_READERS).forEach(limit -> settings.put(limit, "0"));
        return new Tokens(issuer, settings, right, wrong);
    }

    private static JWTClaimsSet.Builder claims(JWTClaimsSet.Builder of) {
        return of.claim("roles", List.of(ROLE))
                .expirationTime(Date.from(Instant.now().plus(LIFE)));
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

    @Override
    public void close() {
        issuer.close();
    }
}
