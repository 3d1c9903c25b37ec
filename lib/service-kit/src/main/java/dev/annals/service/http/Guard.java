package dev.annals.service.http;

import dev.annals.service.access.AccessControl;
import dev.annals.service.access.Action;
import dev.annals.service.access.Caller;
import dev.annals.service.access.DeniedException;
import dev.annals.service.access.Principal;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import io.javalin.security.Roles;
import io.javalin.security.RouteRole;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests in on the route that they match, so that no spelling of a path gets around it. Who is not known is told
 * nothing of what there is.
 */
final class Guard {

    /** Of a request, who asks and may. */
    static final String CALLER = "annals.caller";

    private static final String AUTHORIZATION = "Authorization";
    private static final String RETRY_LATER = "5";

    private final AccessControl access;

    Guard(AccessControl access) {
        this.access = access;
    }

    void install(RoutesConfig routes) {
        routes.beforeMatched(ctx -> ctx.attribute(
                CALLER, admit(ctx.header(AUTHORIZATION), of(ctx), ctx::pathParam, Connectors.isOfInstance(ctx))));
    }

    /** @throws IllegalStateException if a route has none, or more than one */
    static RouteAccess of(Endpoint route) {
        Roles roles = route.metadata(Roles.class);
        return of(roles == null ? Set.of() : roles.getRoles(), route.method.name() + " " + route.path);
    }

    static RouteAccess of(Context ctx) {
        return of(ctx.routeRoles(), ctx.path());
    }

    private static RouteAccess of(Set<RouteRole> roles, String route) {
        if (roles.size() == 1 && roles.iterator().next() instanceof RouteAccess access) {
            return access;
        }
        throw new IllegalStateException(
                "route %s: expected one %s, got %s".formatted(route, RouteAccess.class.getSimpleName(), roles));
    }

    /**
     * @param authorization the header
     * @param ofInstance whether another instance asks
     * @throws ProblemException 401, 403, or 503 where nobody can tell
     */
    Caller admit(
            @Nullable String authorization, RouteAccess route, UnaryOperator<String> parameter, boolean ofInstance) {
        try {
            Principal principal = access.authenticate(authorization);
            Action action = action(principal, route, parameter);
            return ofInstance && action.equals(Action.INTERNAL) ? Caller.ANYBODY : access.admit(principal, action);
        } catch (DeniedException e) {
            throw refusal(e, authorization != null);
        }
    }

    /** What there is not, a stranger is told in the words for what they may not. */
    private Action action(@Nullable Principal principal, RouteAccess route, UnaryOperator<String> parameter) {
        try {
            return route.action(parameter);
        } catch (ProblemException e) {
            if (access.isOn() && principal == null) {
                return Action.KNOWN;
            }
            throw e;
        }
    }

    /** Whose token it is, also where it gives no right; null where there is none that counts. */
    @Nullable
    Principal asking(@Nullable String authorization) {
        try {
            return access.authenticate(authorization);
        } catch (DeniedException e) {
            return null;
        }
    }

    /** Whether somebody may see more of what everybody is told. */
    boolean allows(Context ctx, Action action) {
        try {
            Caller unused = access.admit(access.authenticate(ctx.header(AUTHORIZATION)), action);
            return true;
        } catch (DeniedException e) {
            return false;
        }
    }

    private static ProblemException refusal(DeniedException denied, boolean hadToken) {
        String why = denied.getMessage();
        return switch (denied.reason()) {
            case UNAUTHENTICATED ->
                ProblemException.of(401, "unauthenticated", why)
                        .withHeader("WWW-Authenticate", "Bearer" + (hadToken ? " error=\"invalid_token\"" : ""));
            case FORBIDDEN -> ProblemException.of(403, "forbidden", why);
            case UNAVAILABLE -> ProblemException.of(503, "unavailable", why).withHeader("Retry-After", RETRY_LATER);
        };
    }
}
