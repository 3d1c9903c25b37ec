package dev.annals.checker.workload;

import dev.annals.checker.history.AggregateRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of the plan.
 *
 * @param routes how it is sent; more than one: at the same moment
 * @param persistent whether a client that learns nothing sends it again under the same id
 */
record Planned(
        AggregateRef aggregate,
        String commandId,
        Object command,
        Expectation expectation,
        List<Route> routes,
        boolean persistent) {

    /** A way to the service: the command topic, HTTP to an instance, or the gateway of an embedded one. */
    sealed interface Route {}

    record Topic() implements Route {}

    record Http(int instance) implements Route {}

    record Gateway() implements Route {}

    /** Which version a command expects, relative to the one that the clients have seen when it is sent. */
    enum Expectation {
        ANY,
        NONE_YET,
        SEEN,
        ONE_BEFORE,
        ONE_AHEAD;

        @Nullable
        Long version(long seen) {
            return switch (this) {
                case ANY -> null;
                case NONE_YET -> 0L;
                case SEEN -> seen;
                case ONE_BEFORE -> Math.max(0, seen - 1);
                case ONE_AHEAD -> seen + 1;
            };
        }
    }

    Planned {
        routes = List.copyOf(routes);
    }

    Planned sent(AggregateRef to, String id, Object what, List<Route> over, boolean persistently) {
        return new Planned(to, id, what, expectation, over, persistently);
    }
}
