package dev.annals.service;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a service knows who asks; checked where it is made.
 *
 * @param mode what is asked for
 * @param provider whose tokens count; null unless the mode is {@link Mode#OIDC}
 * @param policy the file with the rights; likewise
 * @param trustsTopics whether whoever may write commands to their topics is believed who asks
 */
public record AuthSettings(
        Mode mode, @Nullable Provider provider, @Nullable Path policy, boolean trustsTopics) {

    public static final String MODE = "annals.auth";
    public static final String ISSUER = "annals.auth.issuer";
    public static final String AUDIENCE = "annals.auth.audience";
    public static final String KEYS = "annals.auth.jwks.uri";
    public static final String ALGORITHMS = "annals.auth.algorithms";
    public static final String CLOCK_SKEW = "annals.auth.clock.skew.seconds";
    public static final String KEYS_LIFETIME = "annals.auth.jwks.lifetime.seconds";
    public static final String POLICY = "annals.auth.policy";
    public static final String TOPICS = "annals.auth.topics";

    /** Those of OpenID providers by default, and of FAPI. */
    private static final String USUAL_ALGORITHMS = "RS256, PS256, ES256";

    private static final String TRUSTED = "trusted";
    private static final String UNTRUSTED = "untrusted";

    private static final int MAX_SKEW_SECONDS = 300;
    private static final int MAX_LIFETIME_SECONDS = 86_400;

    public enum Mode {
        /** Nobody is asked; allowed on loopback alone. */
        OFF,
        /** Nobody is asked, on any address: somebody has taken that upon them in writing. */
        INSECURE,
        /** A token of an OpenID provider. */
        OIDC
    }

    /**
     * @param issuer as the claim {@code iss} has it
     * @param audiences of which a token must name one
     * @param keys where the issuer's keys are; null to ask the issuer
     * @param algorithms of signatures, all with a public key
     * @param clockSkew by how much clocks may differ
     * @param keysLifetime after which keys are asked for again: so long may one that was revoked still count
     */
    public record Provider(
            String issuer,
            Set<String> audiences,
            @Nullable URI keys,
            Set<JWSAlgorithm> algorithms,
            Duration clockSkew,
            Duration keysLifetime) {

        public Provider {
            audiences = Set.copyOf(audiences);
            algorithms = Set.copyOf(algorithms);
        }
    }

    /** Nobody is asked. */
    public static final AuthSettings NONE = new AuthSettings(Mode.OFF, null, null, true);

    /**
     * @param loopback whether nobody but this machine reaches the service
     * @throws StartupException if one is wrong or missing
     */
    public static AuthSettings of(Settings settings, boolean loopback) {
        String mode = settings.text(MODE, "off");
        Provider provider = provider(settings, mode.equals("oidc"));
        String policy = settings.text(POLICY);
        boolean trustsTopics = trustsTopics(settings.text(TOPICS, TRUSTED));
        return switch (mode) {
            case "off" -> {
                if (!loopback) {
                    throw new StartupException(
                            ("%s=off on an address that others reach: everybody there could send commands and read everything;"
                                            + " set it to oidc, or to insecure if something in front of the service lets"
                                            + " only those in who may")
                                    .formatted(MODE));
                }
                yield NONE;
            }
            case "insecure" -> new AuthSettings(Mode.INSECURE, null, null, true);
            case "oidc" -> {
                if (policy == null) {
                    throw new StartupException(
                            POLICY + " is not set: expected the file that says which role may do what");
                }
                yield new AuthSettings(Mode.OIDC, provider, Path.of(policy), trustsTopics);
            }
            default -> throw new StartupException("%s=%s: expected oidc, off or insecure".formatted(MODE, mode));
        };
    }

    private static boolean trustsTopics(String text) {
        if (!text.equals(TRUSTED) && !text.equals(UNTRUSTED)) {
            throw new StartupException("%s=%s: expected %s or %s".formatted(TOPICS, text, TRUSTED, UNTRUSTED));
        }
        return text.equals(TRUSTED);
    }

    /** What an operator has to be reminded of, for as long as it is so. */
    public List<String> warnings() {
        return mode == Mode.INSECURE
                ? List.of(MODE + "=insecure: nobody is asked for a token, so whoever reaches this service can send"
                        + " commands and read everything; oidc asks")
                : List.of();
    }

    /** All are asked for, also where they don't count, so that they are known as settings. */
    private static @Nullable Provider provider(Settings settings, boolean counts) {
        String issuer = settings.text(ISSUER);
        Set<String> audiences = settings.list(AUDIENCE);
        String keys = settings.text(KEYS);
        Set<JWSAlgorithm> algorithms = algorithms(settings.text(ALGORITHMS, USUAL_ALGORITHMS));
        int skew = settings.integer(CLOCK_SKEW, 30, 0, MAX_SKEW_SECONDS);
        int lifetime = settings.integer(KEYS_LIFETIME, 300, 1, MAX_LIFETIME_SECONDS);
        if (!counts) {
            return null;
        }
        if (issuer == null) {
            throw new StartupException(ISSUER + " is not set: expected the address of the OpenID provider, as the claim"
                    + " iss of its tokens has it");
        }
        if (audiences.isEmpty()) {
            throw new StartupException(AUDIENCE
                    + " is not set: expected what the claim aud of tokens for this installation has; a token for another"
                    + " service must not count here");
        }
        return new Provider(
                issuer,
                audiences,
                keys == null ? place(ISSUER, issuer, false) : place(KEYS, keys, true),
                algorithms,
                Duration.ofSeconds(skew),
                Duration.ofSeconds(lifetime));
    }

    /** @return null where the place itself is not one of keys */
    private static @Nullable URI place(String key, String text, boolean ofKeys) {
        try {
            URI place = URI.create(text);
            if (!ofKeys || !"file".equals(place.getScheme())) {
                requireSafe(place);
            }
            return ofKeys ? place : null;
        } catch (IllegalArgumentException e) {
            throw new StartupException("%s=%s: %s".formatted(key, text, e.getMessage()), e);
        }
    }

    /**
     * Whoever can change keys on their way can be anybody.
     *
     * @throws IllegalArgumentException if it is neither HTTPS nor on this machine
     */
    public static void requireSafe(URI place) {
        String scheme = place.getScheme();
        String host = place.getHost();
        boolean here = host != null && (host.equals("localhost") || host.equals("[::1]") || host.startsWith("127."));
        if (host == null || !("https".equals(scheme) || ("http".equals(scheme) && here))) {
            throw new IllegalArgumentException("expected an address with https (http on this machine alone)");
        }
    }

    /** Those with a shared secret would let anybody in who takes the public key for one. */
    private static Set<JWSAlgorithm> algorithms(String text) {
        Set<JWSAlgorithm> algorithms = new LinkedHashSet<>();
        for (String name : text.split(",", -1)) {
            JWSAlgorithm algorithm = new JWSAlgorithm(name.strip());
            if (!JWSAlgorithm.Family.RSA.contains(algorithm) && !JWSAlgorithm.Family.EC.contains(algorithm)) {
                throw new StartupException("%s=%s: expected some of %s"
                        .formatted(
                                ALGORITHMS,
                                text,
                                JWSAlgorithm.Family.SIGNATURE.stream()
                                        .filter(each -> !JWSAlgorithm.Family.ED.contains(each))
                                        .map(JWSAlgorithm::getName)
                                        .collect(Collectors.joining(", "))));
            }
            algorithms.add(algorithm);
        }
        return algorithms;
    }
}
