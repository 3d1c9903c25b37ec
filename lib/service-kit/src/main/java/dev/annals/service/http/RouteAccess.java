package dev.annals.service.http;

import dev.annals.service.access.Action;
import io.javalin.security.RouteRole;
import java.util.function.UnaryOperator;

/**
 * What somebody who asks for a route must have the right to. Every route has one: a server with a route that has none
 * does not start.
 */
public final class RouteAccess implements RouteRole {

    /** For everybody, without a token. */
    public static final RouteAccess OPEN = to(Action.OPEN);

    /** For everybody with a valid token. */
    public static final RouteAccess KNOWN = to(Action.KNOWN);

    /** For other instances of the service. */
    public static final RouteAccess INTERNAL = to(Action.INTERNAL);

    public static final RouteAccess OPERATE = to(Action.OPERATE);

    static final RouteAccess METRICS = to(Action.METRICS);

    /** Of a route whose path says what is asked for. */
    @FunctionalInterface
    public interface OfPath {

        /**
         * @param parameter the value of a path parameter, by its name
         * @throws ProblemException if there is no such thing
         */
        Action action(UnaryOperator<String> parameter);
    }

    private final OfPath action;

    private RouteAccess(OfPath action) {
        this.action = action;
    }

    public static RouteAccess of(OfPath action) {
        return new RouteAccess(action);
    }

    private static RouteAccess to(Action action) {
        return new RouteAccess(parameter -> action);
    }

    Action action(UnaryOperator<String> parameter) {
        return action.action(parameter);
    }
}
