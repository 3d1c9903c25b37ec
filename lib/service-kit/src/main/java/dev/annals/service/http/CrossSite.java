package dev.annals.service.http;

import dev.annals.service.ServiceConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps cross-site request forgery out: a page of any site may have its browser send a "simple" {@code POST} anywhere,
 * without asking first; that it can't read the answer is no comfort to who is booked off. Browsers say which page asks
 * in {@code Sec-Fetch-Site} and, older ones too, in {@code Origin}; a page can set neither. What sends neither, as
 * curl, is no browser. The rule is that of Go's <a
 * href="https://pkg.go.dev/net/http#CrossOriginProtection">CrossOriginProtection</a>.
 *
 * @param allowed origins whose pages may send what changes something, or {@link Cors#ANY}
 */
record CrossSite(Set<String> allowed) {

    private static final Set<HandlerType> CHANGE_NOTHING =
            Set.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);
    private static final Set<String> OWN_PAGE_OR_USER = Set.of("same-origin", "none");
    private static final int FORBIDDEN = 403;

    void install(RoutesConfig routes) {
        if (!allowed.contains(Cors.ANY)) {
            routes.before(this::refuse);
        }
    }

    private void refuse(Context ctx) {
        String origin = ctx.header("Origin");
        if (CHANGE_NOTHING.contains(ctx.method())
                || isOwn(ctx, origin)
                || (origin != null && allowed.contains(origin))) {
            return;
        }
        throw ProblemException.of(
                FORBIDDEN,
                "cross-site",
                "a page of another origin (%s) sent this; list it in %s if its pages may send what changes something"
                        .formatted(origin == null ? "not named" : origin, ServiceConfig.CORS_ORIGINS));
    }

    private static boolean isOwn(Context ctx, @Nullable String origin) {
        String site = ctx.header("Sec-Fetch-Site");
        if (site != null) {
            return OWN_PAGE_OR_USER.contains(site);
        }
        String host = ctx.req().getHeader("Host");
        return origin == null || (host != null && origin.endsWith("://" + host));
    }
}
