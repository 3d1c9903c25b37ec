package dev.annals.service.http;

import dev.annals.service.AuthSettings;
import dev.annals.service.InternalSettings;
import dev.annals.service.PemFiles;
import dev.annals.service.ServiceConfig;
import dev.annals.service.tls.ServerTls;
import io.javalin.config.JettyConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * Where a service is listened to: by clients, and on a connector of their own by other instances. Where they have none,
 * and nobody is asked for a token, they come with the clients, and every client is believed to be one.
 */
final class Connectors {

    /** How long until a certificate expires, in seconds. */
    static final String EXPIRY_METER = "annals.tls.certificate.expires";

    private static final String OF_INSTANCE = "annals.instance";
    private static final Pattern HALF_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Duration STRICT_TRANSPORT = Duration.ofDays(365);

    private final ServiceConfig config;
    private final MeterRegistry meters;
    private @Nullable ServerConnector internal;

    Connectors(ServiceConfig config, MeterRegistry meters) {
        this.config = config;
        this.meters = meters;
    }

    /** The first is the one of clients. */
    void add(JettyConfig jetty) {
        jetty.addConnector(this::ofClients);
        if (config.internal() != null) {
            jetty.addConnector(this::ofInstances);
        }
    }

    /** Whether a request comes from another instance, or where nobody can tell. */
    static boolean isOfInstance(Context ctx) {
        return Boolean.TRUE.equals(ctx.req().getAttribute(OF_INSTANCE));
    }

    /** @return where other instances are listened to; null where clients are */
    @Nullable
    ServerConnector internal() {
        return internal;
    }

    /** As the settings have them. */
    String addresses() {
        InternalSettings own = config.internal();
        String ofClients = "%s:%d".formatted(config.httpHost(), config.httpPort());
        return own == null ? ofClients : "%s or %s:%d".formatted(ofClients, own.host(), own.port());
    }

    private ServerConnector ofClients(Server server, HttpConfiguration http) {
        PemFiles files = config.tls();
        boolean instancesToo = config.internal() == null && config.auth().mode() != AuthSettings.Mode.OIDC;
        ServerTls tls = files == null ? null : ServerTls.forClients(files);
        return connector(server, new HttpConfiguration(http), tls, instancesToo, config.httpHost(), config.httpPort());
    }

    private ServerConnector ofInstances(Server server, HttpConfiguration http) {
        InternalSettings settings = Objects.requireNonNull(config.internal());
        InternalSettings.MutualTls mutual = settings.tls();
        ServerTls tls = mutual == null ? null : ServerTls.forInstances(mutual);
        internal = connector(server, new HttpConfiguration(http), tls, true, settings.host(), settings.port());
        return internal;
    }

    private ServerConnector connector(
            Server server, HttpConfiguration http, @Nullable ServerTls tls, boolean believed, String host, int port) {
        http.addCustomizer((request, headers) -> customized(request, headers, believed));
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        ServerConnector connector;
        if (tls == null) {
            connector = new ServerConnector(server, plain);
        } else {
            // Names are looked at by HostNames, which tells of them in words.
            SecureRequestCustomizer secure = new SecureRequestCustomizer(false);
            secure.setStsMaxAge(STRICT_TRANSPORT.toSeconds());
            http.addCustomizer(secure);
            connector = new ServerConnector(server, tls.over(plain), plain);
            tls.watch(connector);
            TimeGauge.builder(EXPIRY_METER, tls, TimeUnit.SECONDS, now -> untilExpiry(now.expires()))
                    .tag("connector", config.internal() != null && believed ? "internal" : "http")
                    .description("until the certificate expires")
                    .strongReference(true)
                    .register(meters);
        }
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(config.httpIdleTimeout().toMillis());
        server.addBean(new NetworkConnectionLimit(config.limits().connections(), connector));
        return connector;
    }

    private static double untilExpiry(Instant expiry) {
        return Duration.between(Instant.now(), expiry).toSeconds();
    }

    /** @throws HttpException.RuntimeException 400, of which Jetty makes a {@link JettyProblems problem} */
    private static Request customized(Request request, HttpFields.Mutable headers, boolean believed) {
        requireWholeEscapes(request.getHttpURI().getPathQuery());
        headers.put("X-Content-Type-Options", "nosniff");
        if (request.getHeaders().contains(HttpHeader.AUTHORIZATION)) {
            headers.put(HttpHeader.CACHE_CONTROL, "no-store"); // of one principal, under an address that others have
        }
        if (believed) {
            request.setAttribute(OF_INSTANCE, true);
        }
        return new BelievedRequest(request, believed);
    }

    /**
     * Jetty does not look at escapes in parameters of a path, which Javalin decodes too, nor at those of a query, of
     * which it then leaves a parameter out.
     */
    private static void requireWholeEscapes(@Nullable String uri) {
        if (uri != null && uri.indexOf('%') >= 0 && HALF_ESCAPE.matcher(uri).find()) {
            throw new HttpException.RuntimeException(
                    HttpStatus.BAD_REQUEST_400, "a '%' in the path or query is not followed by two hex digits");
        }
    }
}
