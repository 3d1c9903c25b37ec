package dev.annals.checker.workload;

import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.workload.Planned.Expectation;
import dev.annals.checker.workload.Planned.Gateway;
import dev.annals.checker.workload.Planned.Http;
import dev.annals.checker.workload.Planned.Route;
import dev.annals.checker.workload.Planned.Topic;
import java.util.List;
import java.util.SplittableRandom;

/** Which commands are sent: a pure function of the seed and the number of the step, whoever takes it and whenever. */
final class Plan {

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
    private final boolean gateway;
    private final Commands commands;

    /** What a step would be if it were no repeat. */
    interface Commands {

        /** To whom a step goes: a few aggregates at a time are hot. */
        AggregateRef aggregate(long number, SplittableRandom random);

        Object command(AggregateRef aggregate, SplittableRandom random);
    }

    /**
     * @param instances that are reached over HTTP
     * @param gateway whether there is one too; the same seed has the same commands with it and without, by other ways
     */
    Plan(long seed, int instances, boolean gateway, Commands commands) {
        this.seed = seed;
        this.instances = instances;
        this.gateway = gateway;
        this.commands = commands;
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
                ? own.sent(aggregate, id, commands.command(aggregate, random), routes, persistent)
                : own.sent(own.aggregate(), id, own.command(), routes, persistent);
    }

    private SplittableRandom random(long number) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L ^ number);
    }

    /** The step as if it were no repeat. */
    private Planned original(long number) {
        SplittableRandom random = random(number).split();
        AggregateRef aggregate = commands.aggregate(number, random);
        Object command = commands.command(aggregate, random);
        return new Planned(aggregate, "c" + number, command, expectation(random), List.of(), false);
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
        if (gateway) {
            return routes(kind, instance);
        }
        if (kind < 50) {
            return List.of(new Topic());
        }
        return kind < 92
                ? List.of(new Http(instance))
                : List.of(new Http(instance), new Http((instance + 1) % instances));
    }

    /** About a third of the calls each way. */
    private List<Route> routes(int kind, int instance) {
        if (kind < 36) {
            return List.of(new Topic());
        }
        if (kind < 60) {
            return List.of(new Http(instance));
        }
        if (kind < 63) {
            return List.of(new Http(instance), new Http((instance + 1) % instances));
        }
        return kind < 94 ? List.of(new Gateway()) : List.of(new Gateway(), new Http(instance));
    }
}
