package dev.annals.testsupport.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** An OpenID provider on loopback, as far as services see one: its configuration, and its keys. */
public final class TestIssuer implements AutoCloseable {

    public static final String AUDIENCE = "annals-test";

    private final HttpServer http;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger turnedAway = new AtomicInteger();
    private volatile List<? extends JWK> keys;
    private volatile boolean away;

    public TestIssuer() throws IOException {
        keys = List.of(newKey("first"));
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer(
                "/.well-known/openid-configuration",
                () -> "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(address(), address()));
        answer("/keys", () -> {
            asked.incrementAndGet();
            return new JWKSet(List.copyOf(keys)).toString(true);
        });
        http.start();
    }

    private void answer(String path, Supplier<String> body) {
        http.createContext(path, exchange -> {
            if (away) {
                turnedAway.incrementAndGet();
            }
            byte[] bytes = body.get().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(away ? 503 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    /** Of a service that takes its tokens. */
    public Map<String, String> settings(Path policy) {
        return Map.of(
                "annals.auth",
                "oidc",
                "annals.auth.issuer",
                address(),
                "annals.auth.audience",
                AUDIENCE,
                "annals.auth.policy",
                policy.toString());
    }

    public static RSAKey newKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public String address() {
        return "http://127.0.0.1:%d".formatted(http.getAddress().getPort());
    }

    public RSAKey key() {
        return keys.getFirst().toRSAKey();
    }

    /** From now on it signs with these, and names no others. */
    public void rotate(RSAKey to) {
        keys = List.of(to);
    }

    public void goAway() {
        away = true;
    }

    /** How often it was asked while it was away. */
    public int turnedAway() {
        return turnedAway.get();
    }

    public int asked() {
        return asked.get();
    }

    /** A token that counts, but for what is changed. */
    public String token(String subject, UnaryOperator<JWTClaimsSet.Builder> changed) {
        return token(key(), subject, changed);
    }

    public String token(RSAKey signedWith, String subject, UnaryOperator<JWTClaimsSet.Builder> changed) {
        try {
            return sign(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(signedWith.getKeyID())
                            .build(),
                    new RSASSASigner(signedWith),
                    changed.apply(claims(subject)).build());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String sign(JWSHeader header, JWSSigner signer, JWTClaimsSet claims) throws JOSEException {
        SignedJWT token = new SignedJWT(header, claims);
        token.sign(signer);
        return token.serialize();
    }

    public JWTClaimsSet.Builder claims(String subject) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(address())
                .audience(AUDIENCE)
                .subject(subject)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(600)));
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
