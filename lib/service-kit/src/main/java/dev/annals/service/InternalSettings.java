package dev.annals.service;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the instances of a service reach each other, and nobody else does.
 *
 * @param host to listen on
 * @param port 0 for any free one
 * @param tls how instances know each other; null on loopback, where whoever is on this machine is believed
 */
public record InternalSettings(
        String host, int port, @Nullable MutualTls tls) {

    public static final String PORT = "annals.internal.port";
    public static final String HOST = "annals.internal.host";
    public static final String CERTIFICATE = "annals.internal.tls.certificate";
    public static final String KEY = "annals.internal.tls.key";
    public static final String CA = "annals.internal.tls.ca";
    public static final String NAMES = "annals.internal.tls.names";

    private static final int MAX_PORT = 65_535;

    /**
     * @param own of this instance
     * @param authorities whose certificates are those of instances, as PEM
     * @param names of instances, one of which a certificate must have, in lower case: {@code annals-1.example} or
     *     {@code *.annals.example}; those of the own one where there are none
     */
    public record MutualTls(PemFiles own, Path authorities, Set<String> names) {

        public MutualTls {
            names = Set.copyOf(names);
        }
    }

    /**
     * @param httpHost on which clients are listened to, and instances unless said otherwise
     * @return null where instances come the way that clients do
     * @throws StartupException if one is wrong or missing
     */
    static @Nullable InternalSettings of(Settings settings, String httpHost, AuthSettings.Mode auth) {
        String host = settings.text(HOST);
        MutualTls tls = tls(settings);
        if (settings.text(PORT) == null) {
            if (host != null || tls != null) {
                throw new StartupException("%s is not set, and %s is: expected the port for other instances"
                        .formatted(PORT, host != null ? HOST : CERTIFICATE));
            }
            return null;
        }
        InternalSettings internal = new InternalSettings(
                Objects.requireNonNullElse(host, httpHost), settings.integer(PORT, 0, 0, MAX_PORT), tls);
        if (tls == null && !Loopback.is(internal.host) && auth != AuthSettings.Mode.INSECURE) {
            throw new StartupException(
                    "%s is open to others at %s, and %s is not set: expected certificates by which instances know each other"
                            .formatted(PORT, internal.host, CERTIFICATE));
        }
        return internal;
    }

    private static @Nullable MutualTls tls(Settings settings) {
        PemFiles own = PemFiles.of(settings, CERTIFICATE, KEY);
        String authorities = settings.text(CA);
        Set<String> names = new HashSet<>();
        settings.list(NAMES).forEach(name -> names.add(requireName(name.toLowerCase(Locale.ROOT))));
        if (own == null) {
            if (authorities != null || !names.isEmpty()) {
                throw new StartupException("%s is not set, and %s is: TLS between instances needs both"
                        .formatted(CERTIFICATE, authorities != null ? CA : NAMES));
            }
            return null;
        }
        if (authorities == null) {
            throw new StartupException(
                    CA + " is not set: expected the certificates of who signs those of instances, and of nobody else");
        }
        return new MutualTls(own, Path.of(authorities), names);
    }

    private static String requireName(String name) {
        if (!name.matches("(\\*\\.)?[a-z0-9._-]+|[0-9a-f:]+")) {
            throw new StartupException(
                    "%s=%s: expected names such as annals-1.example or *.annals.example, with commas between"
                            .formatted(NAMES, name));
        }
        return name;
    }
}
