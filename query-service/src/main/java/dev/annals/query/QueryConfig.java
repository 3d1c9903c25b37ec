package dev.annals.query;

import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * What the query service needs to know.
 *
 * @param advertised host and port at which other instances reach this one; null for the address it listens on
 */
record QueryConfig(ServiceConfig service, @Nullable HostInfo advertised) {

    static final int DEFAULT_PORT = 8081;

    /** {@code host:port}. */
    static final String ADVERTISED = "annals.query.advertised";

    private static final String ANY_ADDRESS = "0.0.0.0";

    static QueryConfig of(Settings settings) {
        QueryConfig config = new QueryConfig(ServiceConfig.of(settings, DEFAULT_PORT), host(settings.text(ADVERTISED)));
        settings.refuseUnknown("annals.command.", "annals.projector.");
        return config;
    }

    private static @Nullable HostInfo host(@Nullable String text) {
        if (text == null) {
            return null;
        }
        if (!text.matches("[^:/\\s]+:[0-9]{1,5}")) {
            throw new StartupException("%s=%s: expected host:port".formatted(ADVERTISED, text));
        }
        return HostInfo.buildFromEndpoint(text);
    }

    /** Where other instances reach this one, which listens on a port. */
    HostInfo advertised(int port) {
        if (advertised != null) {
            return advertised;
        }
        return new HostInfo(service.httpHost().equals(ANY_ADDRESS) ? thisMachine() : service.httpHost(), port);
    }

    private static String thisMachine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new StartupException("this machine's name is unknown: set %s=host:port".formatted(ADVERTISED), e);
        }
    }
}
