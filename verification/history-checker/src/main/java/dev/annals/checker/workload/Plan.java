package dev.annals.checker.workload;

import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.workload.Planned.Expectation;
import dev.annals.checker.workload.Planned.Http;
import dev.annals.checker.workload.Planned.Route;
import dev.annals.checker.workload.Planned.Topic;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which commands are sent: a pure function of the seed and the number of the step, whoever takes it and whenever.
 *
 * <p>A few aggregates at a time are hot. After {@link #ORDERS_LIVE} steps new orders take the place of the old ones,
 * since an order soon comes to an end; accounts live longer.
 */
final class Plan {

    private static final int ACCOUNTS = 4;
    private static final int ORDERS = 4;
    private static final long ACCOUNTS_LIVE = 2_000;
    private static final long ORDERS_LIVE = 160;

    /** Of a hundred steps, those that repeat an earlier one as it was. */
    private static final int REPEATS = 12;

    /** Of a hundred steps, those that send another payload under the id of an earlier one. */
    private static final int REUSES = 3;

    /** Of a hundred steps, those that use the id of an earlier one on any aggregate, where it is usually a new id. */
    private static final int NAMESAKES = 1;

    /** How far back a repeat reaches: near enough that some are sent while the first is under way. */
    private static final int MAX_BACK = 40;

    private final long seed;
    private final int instances;

    Plan(long seed, int instances) {
        this.seed = seed;
        this.instances = instances;
    }

    Planned at(long number) {
        SplittableRandom random = random(number);
        int kind = random.nextInt(100);
        List<Route> routes = routes(random);
        boolean persistent = random.nextInt(2) == 0;
        Planned own = original(number);
        if (kind >= REPEATS + REUSES + NAMESAKES || number <= MAX_BACK) {
            return own.sent(own.aggregate(), own.commandId(), own.command(), routes, persistent);
        }
        Planned earlier = original(number - 1 - random.nextInt(MAX_BACK));
        AggregateRef aggregate = earlier.aggregate();
        String id = earlier.commandId();
        if (kind < REPEATS) {
            return earlier.sent(aggregate, id, earlier.command(), routes, persistent);
        }
        return kind < REPEATS + REUSES
                ? own.sent(aggregate, id, command(aggregate, random), routes, persistent)
                : own.sent(own.aggregate(), id, own.command(), routes, persistent);
    }

    private SplittableRandom random(long number) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L ^ number);
    }

    /** The step as if it were no repeat. */
    private Planned original(long number) {
        SplittableRandom random = random(number).split();
        AggregateRef aggregate = random.nextBoolean()
                ? new AggregateRef("orders", "order-%d-%d".formatted(number / ORDERS_LIVE, random.nextInt(ORDERS)))
                : new AggregateRef(
                        "accounts", "account-%d-%d".formatted(number / ACCOUNTS_LIVE, random.nextInt(ACCOUNTS)));
        return new Planned(aggregate, "c" + number, command(aggregate, random), expectation(random), List.of(), false);
    }

    private static Object command(AggregateRef aggregate, SplittableRandom random) {
        return aggregate.type().equals("orders") ? OrderCommands.any(random) : AccountCommands.any(random);
    }

    private static Expectation expectation(SplittableRandom random) {
        int kind = random.nextInt(100);
        if (kind < 60) {
            return Expectation.ANY;
        }
        if (kind < 88) {
            return Expectation.SEEN;
        }
        return kind < 92 ? Expectation.NONE_YET : kind < 97 ? Expectation.ONE_BEFORE : Expectation.ONE_AHEAD;
    }

    private List<Route> routes(SplittableRandom random) {
        int kind = random.nextInt(100);
        int instance = random.nextInt(instances);
        if (kind < 50) {
            return List.of(new Topic());
        }
        return kind < 92
                ? List.of(new Http(instance))
                : List.of(new Http(instance), new Http((instance + 1) % instances));
    }
}
