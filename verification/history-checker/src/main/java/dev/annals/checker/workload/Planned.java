package dev.annals.checker.workload;

import dev.annals.checker.history.AggregateRef;
import java.util.List;

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

    /** A way to the service: the command topic, or HTTP to an instance. */
    sealed interface Route {}

    record Topic() implements Route {}

    record Http(int instance) implements Route {}

    Planned {
        routes = List.copyOf(routes);
    }

    Planned sent(AggregateRef to, String id, Object what, List<Route> over, boolean persistently) {
        return new Planned(to, id, what, expectation, over, persistently);
    }
}
