package dev.annals.service;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * Where the other instances of a service reach this one.
 *
 * @param key the setting, {@code host:port}
 * @param configured what it says; null for the address that is listened on
 * @param listensOn the host that is listened on for them
 */
public record Advertised(String key, @Nullable HostInfo configured, String listensOn) {

    private static final Set<String> ANY_ADDRESS = Set.of("0.0.0.0", "::", "[::]");

    /** @throws StartupException if the setting is no {@code host:port} */
    public static Advertised of(Settings settings, String key) {
        return new Advertised(
                key,
                host(key, settings.text(key)),
                settings.text(
                        InternalSettings.HOST,
                        settings.text(ServiceConfig.HTTP_HOST, ServiceConfig.DEFAULT_HTTP_HOST)));
    }

    private static @Nullable HostInfo host(String key, @Nullable String text) {
        if (text == null) {
            return null;
        }
        if (!text.matches("[^:/\\s]+:[0-9]{1,5}")) {
            throw new StartupException("%s=%s: expected host:port".formatted(key, text));
        }
        return HostInfo.buildFromEndpoint(text);
    }

    /**
     * The address of this instance, which listens on a port.
     *
     * @throws StartupException if all addresses are listened on and this machine has no name
     */
    public HostInfo at(int port) {
        return configured == null ? new HostInfo(host(), port) : configured;
    }

    /**
     * By which name the others know this instance.
     *
     * @throws StartupException as {@link #at}
     */
    public String host() {
        if (configured != null) {
            return configured.host();
        }
        return ANY_ADDRESS.contains(listensOn) ? thisMachine() : listensOn;
    }

    private String thisMachine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new StartupException("this machine's name is unknown: set %s=host:port".formatted(key), e);
        }
    }
}
