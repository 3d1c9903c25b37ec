package dev.annals.service.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.service.InternalSettings;
import dev.annals.service.Readiness;
import dev.annals.service.ServiceConfig;
import dev.annals.service.ServiceMetrics;
import dev.annals.service.StartupException;
import dev.annals.service.access.AccessControl;
import dev.annals.service.access.Action;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.json.JavalinJackson;
import io.javalin.router.Endpoint;
import io.javalin.security.Roles;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.AppInfoParser;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP side of a service: its own routes, and those that every service has ({@code /health/live},
 * {@code /health/ready}, {@code /metrics}, {@code /openapi.json}).
 *
 * <p>Every error is {@code application/problem+json}: throw a {@link ProblemException} from a handler or let a future
 * fail with one. Requests are timed by route as {@value #REQUEST_METER}, and {@value #READY_METER} is 1 or 0.
 * Thread-safe.
 */
public final class HttpServer implements AutoCloseable {

    /** A larger body is refused with 413. */
    public static final long MAX_BODY_BYTES = 1_000_000;

    /**
     * Of the bodies of all requests in work; a request that would have more is refused with 503. As JSON in memory they
     * have up to ten times as much.
     */
    static final int MAX_BODIES_BYTES = 32 * 1024 * 1024;

    /** How long requests under way may go on after {@link #close}. */
    public static final Duration STOP_LIMIT = Duration.ofSeconds(3);

    public static final String REQUEST_METER = "annals.http.requests";

    /** Readiness as a gauge: whoever watches the meters needs to ask for nothing else. */
    public static final String READY_METER = "annals.ready";

    /** Clients can invent methods, and a meter is never given up. */
    private static final String OTHER_METHOD = "other";

    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final Javalin javalin;
    private final @Nullable ServerConnector internal;

    private HttpServer(Javalin javalin, @Nullable ServerConnector internal) {
        this.javalin = javalin;
        this.internal = internal;
    }

    /**
     * @param openApi the document of {@code /openapi.json} with the service's own routes; those that every service has
     *     are added
     * @param access who may do what
     * @param routes adds the service's own routes, each with a {@link RouteAccess}
     * @throws StartupException if the address or port can't be had
     */
    public static HttpServer start(
            ServiceConfig config,
            ServiceMetrics metrics,
            Readiness readiness,
            Supplier<ObjectNode> openApi,
            AccessControl access,
            Consumer<RoutesConfig> routes) {
        return start(config, metrics, readiness, openApi, access, routes, List.of());
    }

    /**
     * As {@link #start(ServiceConfig, ServiceMetrics, Readiness, Supplier, AccessControl, Consumer)}.
     *
     * @param core of the routes, those whose plain requests Javalin does not see
     */
    public static HttpServer start(
            ServiceConfig config,
            ServiceMetrics metrics,
            Readiness readiness,
            Supplier<ObjectNode> openApi,
            AccessControl access,
            Consumer<RoutesConfig> routes,
            List<CoreRoute> core) {
        Guard guard = new Guard(access);
        AuditLog audit = AuditLog.open(config.audit(), guard);
        RequestLimits limits = new RequestLimits(config.limits(), metrics.registry());
        Gauge.builder(READY_METER, readiness, now -> now.reasonsAgainst().isEmpty() ? 1 : 0)
                .description("1 when /health/ready is 200, 0 when it is 503")
                .strongReference(true)
                .register(metrics.registry());
        Connectors connectors = new Connectors(config, metrics.registry());
        Javalin javalin = Javalin.create(javalinConfig -> {
            configure(javalinConfig);
            connectors.add(javalinConfig.jetty);
            javalinConfig.jetty.modifyServer(
                    server -> configure(server, config, core, guard, limits, audit, metrics.registry()));
            javalinConfig.requestLogger.http((ctx, millis) -> {
                time(metrics.registry(), ctx, millis);
                audit.answered(ctx);
            });
            Problems.install(javalinConfig.routes);
            HostNames.of(config).install(javalinConfig.routes);
            new CrossSite(config.corsOrigins()).install(javalinConfig.routes);
            audit.install(javalinConfig.routes);
            guard.install(javalinConfig.routes);
            limits.install(javalinConfig.routes);
            commonRoutes(javalinConfig.routes, config, metrics, readiness, openApi, guard);
            routes.accept(javalinConfig.routes);
            Negotiation.install(javalinConfig.unsafe);
            new Cors(config.corsOrigins()).install(javalinConfig.routes);
        });
        routes(javalin).forEach(Guard::of);
        try {
            javalin.start(config.httpHost(), config.httpPort());
        } catch (JavalinBindException e) {
            throw new StartupException(
                    "%s can't be listened on; is another process using it? (%s, %s)"
                            .formatted(connectors.addresses(), ServiceConfig.HTTP_PORT, InternalSettings.PORT),
                    e);
        }
        HttpServer server = new HttpServer(javalin, connectors.internal());
        LOG.atInfo()
                .addKeyValue("host", config.httpHost())
                .addKeyValue("port", server.port())
                .addKeyValue("portForInstances", server.internalPort())
                .log("listening");
        return server;
    }

    private static void configure(JavalinConfig config) {
        config.jsonMapper(new JavalinJackson(Json.mapper(), false));
        config.http.maxRequestSize = MAX_BODY_BYTES;
        config.http.prefer405over404 = true;
        config.http.defaultContentType = "application/json";
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
    }

    private static void configure(
            Server server,
            ServiceConfig config,
            List<CoreRoute> core,
            Guard guard,
            RequestLimits limits,
            AuditLog audit,
            MeterRegistry meters) {
        List<String> vary = new ArrayList<>(List.of(Negotiation.VARY));
        vary.addAll(new Cors(config.corsOrigins()).vary());
        server.insertHandler(new CoreHandler(core, guard, limits, audit, HostNames.of(config), vary, meters));
        server.insertHandler(new BodyBudget(MAX_BODIES_BYTES));
        server.insertHandler(new LingeringClose());
        int leastRate = config.limits().leastRate();
        if (leastRate > 0) {
            server.insertHandler(new DataRates(leastRate, DataRates.GRACE));
        }
        server.insertHandler(new GracefulHandler());
        server.setStopTimeout(STOP_LIMIT.toMillis());
        server.setErrorHandler(new JettyProblems());
        if (!config.auth().warnings().isEmpty()) {
            server.addBean(
                    new RepeatedWarnings(config.auth().warnings(), RepeatedWarnings.INTERVAL, server.getScheduler()));
        }
    }

    private static void commonRoutes(
            RoutesConfig routes,
            ServiceConfig config,
            ServiceMetrics metrics,
            Readiness readiness,
            Supplier<ObjectNode> openApi,
            Guard guard) {
        routes.get("/health/live", ctx -> ctx.json(Map.of("status", "live")), RouteAccess.OPEN);
        routes.get(
                "/health/ready",
                ctx -> ready(
                        ctx, readiness.reasonsAgainst(), config.auth().warnings(), guard.allows(ctx, Action.OPERATE)),
                RouteAccess.OPEN);
        routes.addEndpoint(Endpoint.create(HandlerType.GET, "/metrics")
                .addMetadata(new Produces(List.of("text/plain")))
                .addMetadata(new Roles(Set.of(RouteAccess.METRICS)))
                .handler(ctx -> ctx.contentType(PROMETHEUS_TEXT).result(metrics.scrape())));
        routes.get("/settings.json", ctx -> ctx.json(effective(config)), RouteAccess.OPERATE);
        routes.get(
                "/openapi.json", ctx -> ctx.json(withCommonPaths(openApi.get().deepCopy())), RouteAccess.KNOWN);
    }

    /** Whoever operates sees what counts and where it was set, but no secrets. */
    private static Map<String, Object> effective(ServiceConfig config) {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("kafka-clients", AppInfoParser.getVersion());
        versions.put("java", Runtime.version().toString());
        return Map.of("items", config.settings().effective(), "versions", versions);
    }

    private static ObjectNode withCommonPaths(ObjectNode document) {
        document.withObjectProperty("paths").setAll(Json.resource(HttpServer.class, "common-paths.json"));
        OpenApiRights.add(document);
        return document;
    }

    /** Reasons name topics, addresses and ids: they are for operators, as warnings are. */
    private static void ready(Context ctx, List<String> reasonsAgainst, List<String> warnings, boolean toOperator) {
        boolean isReady = reasonsAgainst.isEmpty();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", isReady ? "ready" : "not ready");
        if (toOperator && !isReady) {
            answer.put("reasons", reasonsAgainst);
        }
        if (toOperator && !warnings.isEmpty()) {
            answer.put("warnings", warnings);
        }
        ctx.status(isReady ? 200 : 503).json(answer);
    }

    private static void time(MeterRegistry meters, Context ctx, float millis) {
        Endpoint route = ctx.endpoints().lastHttpEndpoint();
        String method =
                HandlerType.commonHttp().contains(ctx.method()) ? ctx.method().name() : OTHER_METHOD;
        String template = route == null || route.path.isEmpty() ? "none" : route.path;
        requestTimer(meters, method, template, ctx.statusCode()).record((long) (millis * 1_000), TimeUnit.MICROSECONDS);
    }

    static Timer requestTimer(MeterRegistry meters, String method, String route, int status) {
        return Timer.builder(REQUEST_METER)
                .tag("method", method)
                .tag("route", route)
                .tag("status", Integer.toString(status))
                .register(meters);
    }

    /** What is answered, as {@code GET /v1/{view}}; HEAD goes with GET. */
    public Set<String> routes() {
        return routes(javalin)
                .filter(each -> !each.method.equals(HandlerType.HEAD))
                .map(each -> each.method.name() + " " + each.path)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<Endpoint> routes(Javalin javalin) {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .map(each -> each.endpoint)
                .filter(each -> each.method.isHttpMethod());
    }

    /** The port that was bound, also where 0 was asked for. */
    public int port() {
        return javalin.port();
    }

    /** The port at which other instances are answered: that of clients, where they have none of their own. */
    public int internalPort() {
        return internal == null ? port() : internal.getLocalPort();
    }

    /** Refuses new requests, lets those under way end for {@link #STOP_LIMIT}, answers the rest with 503, and stops. */
    @Override
    public void close() {
        try {
            javalin.stop();
        } catch (JavalinException e) {
            LOG.atWarn()
                    .addKeyValue("after", STOP_LIMIT)
                    .addKeyValue("cause", e.getMessage())
                    .log("requests under way were cut off");
        }
    }
}
