package dev.annals.service.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.annals.service.AuthSettings;
import dev.annals.service.access.DeniedException.Reason;
import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies JSON Web Tokens (RFC 7519) as access tokens of one issuer: signature with one of its keys, algorithm,
 * audience, and times. Keys are kept for a while, and for longer while the issuer does not answer. Thread-safe; blocks
 * where keys have to be had, for at most {@link IssuerKeys#LIMIT} and not more often than every
 * {@link #MIN_REFRESH_MILLIS}.
 */
final class TokenVerifier {

    /** Tokens with invented key ids must not have us ask the issuer for each. */
    static final long MIN_REFRESH_MILLIS = 10_000;

    /** A provider that is restarted or cut off must not stop those who are signed in. */
    private static final long OUTAGE_MILLIS = 3_600_000;

    /** A token is a few kilobytes at most; headers of a request are limited anyway. */
    private static final int MAX_TOKEN_LENGTH = 16_384;

    /** OpenID Connect Core 1.0, 2: events have it in a header. */
    private static final int MAX_SUBJECT_LENGTH = 255;

    private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final AuthSettings.Provider provider;

    TokenVerifier(AuthSettings.Provider provider) {
        this.provider = provider;
        long lifetime = provider.keysLifetime().toMillis();
        var keys = JWKSourceBuilder.create(new IssuerKeys(provider.issuer(), provider.keys()))
                .cache(lifetime, IssuerKeys.LIMIT.toMillis())
                .refreshAheadCache(false)
                .rateLimited(Math.min(MIN_REFRESH_MILLIS, lifetime / 2))
                .outageTolerant(OUTAGE_MILLIS)
                .build();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(provider.algorithms(), keys));
        var claims = new DefaultJWTClaimsVerifier<SecurityContext>(
                provider.audiences(),
                new JWTClaimsSet.Builder().issuer(provider.issuer()).build(),
                Set.of("sub", "exp"),
                Set.of());
        claims.setMaxClockSkew((int) provider.clockSkew().toSeconds());
        processor.setJWTClaimsSetVerifier(claims);
    }

    /** @throws DeniedException if it is none that counts, or nobody can tell */
    Principal verify(String token) throws DeniedException {
        if (token.length() > MAX_TOKEN_LENGTH) {
            throw refused("it is longer than %d characters".formatted(MAX_TOKEN_LENGTH));
        }
        try {
            return principal(processor.process(token, null));
        } catch (RateLimitReachedException e) {
            throw refused("no key of the issuer has signed it");
        } catch (KeySourceException e) {
            LOG.atWarn()
                    .addKeyValue("issuer", provider.issuer())
                    .addKeyValue("cause", e.getMessage())
                    .log("the issuer's keys can't be had");
            throw new DeniedException(
                    Reason.UNAVAILABLE, "the keys of %s can't be had now; try again".formatted(provider.issuer()));
        } catch (ParseException e) {
            throw refused("it is no JSON Web Token");
        } catch (BadJOSEException | JOSEException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private static DeniedException refused(String why) {
        return new DeniedException(Reason.UNAUTHENTICATED, "the token is not accepted: " + why);
    }

    private Principal principal(JWTClaimsSet claims) throws DeniedException {
        String subject = claims.getSubject();
        if (subject.isBlank() || subject.length() > MAX_SUBJECT_LENGTH) {
            throw refused("expected a subject of 1 to %d characters".formatted(MAX_SUBJECT_LENGTH));
        }
        Map<String, Object> all = new HashMap<>(claims.getClaims());
        all.values().removeIf(value -> value == null);
        return new Principal(
                claims.getIssuer(),
                subject,
                claims.getExpirationTime().toInstant().plus(provider.clockSkew()),
                all);
    }
}
