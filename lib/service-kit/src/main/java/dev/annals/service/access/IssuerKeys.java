package dev.annals.service.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import dev.annals.service.AuthSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The public keys with which an issuer signs (JWKS, RFC 7517): from a place that is configured, or from the one that
 * the issuer's own configuration names (OpenID Connect Discovery 1.0, 4). Blocks for at most {@link #LIMIT}.
 *
 * @param issuer as tokens name it
 * @param place of the keys, an HTTP address or a file; null to discover it
 */
record IssuerKeys(String issuer, @Nullable URI place) implements JWKSetSource<SecurityContext> {

    /** For all that has to be fetched. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final int FETCH_MILLIS = 2_000;
    private static final int MAX_BYTES = 256 * 1024;
    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, @Nullable SecurityContext context)
            throws KeySourceException {
        URI keys = place;
        try {
            URI known = keys == null ? discovered() : keys;
            keys = known;
            return JWKSet.parse(fetch(known));
        } catch (IOException | ParseException | IllegalArgumentException e) {
            throw new JWKSetRetrievalException("%s: %s".formatted(keys == null ? issuer + DISCOVERY : keys, e), e);
        }
    }

    private URI discovered() throws IOException {
        JsonNode configuration = JSON.readTree(fetch(URI.create(issuer.replaceFirst("/$", "") + DISCOVERY)));
        String named = configuration.path("issuer").asText();
        if (!named.equals(issuer)) {
            throw new IOException("it is the configuration of '%s'".formatted(named));
        }
        return URI.create(configuration.path("jwks_uri").asText());
    }

    private static String fetch(URI place) throws IOException {
        if ("file".equals(place.getScheme())) {
            return Files.readString(Path.of(place));
        }
        AuthSettings.requireSafe(place);
        return new DefaultResourceRetriever(FETCH_MILLIS, FETCH_MILLIS, MAX_BYTES)
                .retrieveResource(place.toURL())
                .getContent();
    }

    @Override
    public void close() {
        // nothing is kept open
    }
}
