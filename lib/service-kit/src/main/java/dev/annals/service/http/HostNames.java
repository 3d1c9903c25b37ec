package dev.annals.service.http;

import dev.annals.service.ServiceConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps DNS rebinding out: a page whose own name was made to point here would be of the same origin as this service,
 * and could read and send whatever it likes. Its browser still says that name in {@code Host}, so only names by which
 * the service is known are answered. An address is none that anybody could have pointed here.
 *
 * @param known in lower case, without a port
 */
record HostNames(Set<String> known) {

    private static final String ANY = "*";
    private static final int MISDIRECTED = 421;
    private static final Pattern PORT = Pattern.compile(":\\d*$");

    /** Browsers take a name whose last part is a number for an address, so nobody's name looks like this. */
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.%]+]");

    static HostNames of(ServiceConfig config) {
        Set<String> known = new HashSet<>(config.hostNames());
        known.add("localhost");
        known.add(config.httpHost().toLowerCase(Locale.ROOT));
        return new HostNames(Set.copyOf(known));
    }

    void install(RoutesConfig routes) {
        if (!known.contains(ANY)) {
            routes.before(this::requireKnown);
        }
    }

    private void requireKnown(Context ctx) {
        String host = ctx.req().getHeader("Host");
        if (!isKnown(host)) {
            throw ProblemException.of(
                    MISDIRECTED,
                    "unknown-host",
                    "Host: %s is no name of this service; where clients reach it by that name, list it in %s"
                            .formatted(host, ServiceConfig.HOST_NAMES));
        }
    }

    /** Browsers always say a host; a health check of HTTP/1.0 says none. */
    boolean isKnown(@Nullable String host) {
        if (host == null || known.contains(ANY)) {
            return true;
        }
        String name = PORT.matcher(host.strip().toLowerCase(Locale.ROOT)).replaceFirst("");
        String relative = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return known.contains(relative) || ADDRESS.matcher(relative).matches();
    }
}
