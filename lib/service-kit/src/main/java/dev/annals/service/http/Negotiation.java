package dev.annals.service.http;

import io.javalin.config.JavalinState;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.router.ParsedEndpoint;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What HTTP asks of every answer, whatever its route: {@code HEAD} wherever there is {@code GET}, 406 for who takes no
 * form of it, 304 for who has it already, and {@code Vary} for caches.
 */
final class Negotiation {

    /** On which headers of a request every answer depends, for caches. */
    static final String VARY = "Accept, Accept-Encoding";

    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    private final JavalinState javalin;

    private Negotiation(JavalinState javalin) {
        this.javalin = javalin;
    }

    /** To be called when all routes are there. */
    static void install(JavalinState javalin) {
        Negotiation negotiation = new Negotiation(javalin);
        // Javalin's own answer to HEAD is 200, also for what is not there. The server leaves the body out.
        javalin.internalRouter.allHttpHandlers().stream()
                .map(each -> each.endpoint)
                .filter(each -> each.method.equals(HandlerType.GET))
                .toList()
                .forEach(get -> javalin.routes.head(get.path, get.handler, Guard.of(get)));
        javalin.routes.before(ctx -> ctx.res().addHeader("Vary", VARY));
        javalin.routes.beforeMatched(negotiation::requireAcceptable);
        javalin.routes.after(Negotiation::notModified);
    }

    private void requireAcceptable(Context ctx) {
        Accept accept = Accept.of(ctx);
        if (isAcceptable(accept, Produces.JSON)) {
            return;
        }
        Produces produces = produces(ctx);
        if (!isAcceptable(accept, produces)) {
            throw ProblemException.of(
                    406,
                    "not-acceptable",
                    "Accept: %s; there is %s"
                            .formatted(ctx.header("Accept"), String.join(", ", produces.mediaTypes())));
        }
    }

    private static boolean isAcceptable(Accept accept, Produces produces) {
        return produces.mediaTypes().stream().anyMatch(type -> accept.weight(type) > 0);
    }

    private Produces produces(Context ctx) {
        HandlerType method = ctx.method().equals(HandlerType.HEAD) ? HandlerType.GET : ctx.method();
        ParsedEndpoint route = javalin.internalRouter.findFirstHttpHandlerEntry(method, ctx.path());
        @Nullable Produces other = route == null ? null : route.endpoint.metadata(Produces.class);
        return Objects.requireNonNullElse(other, Produces.JSON);
    }

    private static void notModified(Context ctx) {
        boolean reads = ctx.method().equals(HandlerType.GET) || ctx.method().equals(HandlerType.HEAD);
        String etag = ctx.res().getHeader("ETag");
        String known = ctx.header("If-None-Match");
        if (reads && ctx.statusCode() == OK && etag != null && known != null && matches(known, etag)) {
            ctx.status(NOT_MODIFIED).result("");
        }
    }

    /** Weak comparison, as RFC 9110 has it for {@code If-None-Match}. */
    private static boolean matches(String ifNoneMatch, String etag) {
        return Arrays.stream(ifNoneMatch.split(",", -1))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || strong(tag).equals(strong(etag)));
    }

    private static String strong(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}
