package dev.annals.service.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.Set;

/**
 * Lets pages of other origins use the service, as the <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">Fetch
 * standard</a> has it. What another origin may not read is its browser's business: such a request is answered as any
 * other, without these headers. What another origin may not send, {@link CrossSite} refuses.
 *
 * @param origins that may, or {@link #ANY}
 */
record Cors(Set<String> origins) {

    static final String ANY = "*";

    private static final String ORIGIN = "Origin";
    private static final String EXPOSED =
            "ETag, Location, Retry-After, X-Served-By, Idempotent-Replayed, WWW-Authenticate";
    private static final String METHODS = "GET, HEAD, POST, PUT, DELETE";
    private static final String HEADERS =
            "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer, X-Correlation-Id, traceparent";
    private static final String MAX_AGE_SECONDS = "600";
    private static final int NO_CONTENT = 204;

    void install(RoutesConfig routes) {
        if (!origins.isEmpty()) {
            routes.before(this::before);
        }
    }

    /** Whether answers depend on the origin, also for who names none: as {@code Vary} says it. */
    List<String> vary() {
        return origins.isEmpty() || origins.contains(ANY) ? List.of() : List.of(ORIGIN);
    }

    private void before(Context ctx) {
        vary().forEach(header -> ctx.res().addHeader("Vary", header));
        boolean any = origins.contains(ANY);
        String origin = ctx.header(ORIGIN);
        if (origin == null || (!any && !origins.contains(origin))) {
            return;
        }
        ctx.header("Access-Control-Allow-Origin", any ? ANY : origin);
        ctx.header("Access-Control-Expose-Headers", EXPOSED);
        if (ctx.method().equals(HandlerType.OPTIONS) && ctx.header("Access-Control-Request-Method") != null) {
            ctx.header("Access-Control-Allow-Methods", METHODS);
            ctx.header("Access-Control-Allow-Headers", HEADERS);
            ctx.header("Access-Control-Max-Age", MAX_AGE_SECONDS);
            ctx.status(NO_CONTENT).skipRemainingHandlers();
        }
    }
}
