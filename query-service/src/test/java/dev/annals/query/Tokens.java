package dev.annals.query;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/** Signs tokens as an OpenID provider does, whose keys are in a file. */
final class Tokens {

    private static final String ISSUER = "https://provider.example";
    private static final String AUDIENCE = "annals-test";

    private final RSAKey key;
    private final Path keys;
    private final Path policy;

    /** @param policy its lines */
    Tokens(Path folder, String policy) throws IOException, JOSEException {
        this.key = new RSAKeyGenerator(2048).keyID("one").generate();
        this.keys = Files.writeString(folder.resolve("keys.json"), new JWKSet(key).toString(true));
        this.policy = Files.writeString(folder.resolve("policy.properties"), policy);
    }

    /** Of a service that takes them; clocks must agree. */
    Map<String, String> settings() {
        return Map.of(
                "annals.auth",
                "oidc",
                "annals.auth.issuer",
                ISSUER,
                "annals.auth.audience",
                AUDIENCE,
                "annals.auth.jwks.uri",
                keys.toUri().toString(),
                "annals.auth.policy",
                policy.toString(),
                "annals.auth.clock.skew.seconds",
                "0");
    }

    /** The value of {@code Authorization}, for so long. */
    String bearer(String subject, Duration lifetime, String... roles) throws JOSEException {
        Instant now = Instant.now();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .audience(AUDIENCE)
                        .subject(subject)
                        .claim("roles", List.of(roles))
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(lifetime)))
                        .build());
        token.sign(new RSASSASigner(key));
        return "Bearer " + token.serialize();
    }
}
