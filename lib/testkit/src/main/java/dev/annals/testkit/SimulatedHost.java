package dev.annals.testkit;

import dev.annals.api.AggregateType;
import dev.annals.api.Decision;
import dev.annals.api.Decision.Accepted;
import dev.annals.api.Decision.Rejected;
import dev.annals.api.Effect;
import dev.annals.api.Effect.Send;
import dev.annals.api.Input;
import dev.annals.api.Input.Answered;
import dev.annals.api.Input.Due;
import dev.annals.api.Input.Happened;
import dev.annals.api.Input.Outcome;
import dev.annals.api.ProcessManager;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A process together with the deciders of its aggregates, in memory: commands of clients and of the process are
 * decided, and events, answers and timers come to the process, in any order that can be. Only what one sender sends to
 * one aggregate is decided in its order, and events and answers of one aggregate come in theirs.
 *
 * <pre>{@code
 * SimulatedHost.of(new TransferProcess(), new AccountsDomain().aggregate())
 *         .given("a", openA, deposit)
 *         .given("b", openB)
 *         .when("a", send)
 *         .when("b", close)
 *         .thenEachEnd(end -> assertThat(sum(end)).isEqualTo(deposited));
 * }</pre>
 *
 * <p>Immutable; what it tried is the same in every run.
 */
public final class SimulatedHost<S extends Record> {

    private static final int MAX_STEPS = 10_000;

    private final ProcessManager<S> process;
    private final List<AggregateType<?, ?, ?>> types;
    private final List<Requests> before;
    private final List<Requests> atOnce;
    private final Predicate<Send> fails;

    /** What one client sends to one aggregate, in this order. */
    private record Requests(String aggregateId, List<Object> commands) {}

    private SimulatedHost(
            ProcessManager<S> process,
            List<AggregateType<?, ?, ?>> types,
            List<Requests> before,
            List<Requests> atOnce,
            Predicate<Send> fails) {
        this.process = process;
        this.types = types;
        this.before = List.copyOf(before);
        this.atOnce = List.copyOf(atOnce);
        this.fails = fails;
    }

    /** Nothing has happened yet. */
    public static <S extends Record> SimulatedHost<S> of(ProcessManager<S> process, AggregateType<?, ?, ?>... types) {
        return new SimulatedHost<>(process, List.of(types), List.of(), List.of(), send -> false);
    }

    /** These commands were decided, and the process has been told, before anything else. */
    public SimulatedHost<S> given(String aggregateId, Object... commands) {
        return new SimulatedHost<>(process, types, plus(before, aggregateId, commands), atOnce, fails);
    }

    /** A client sends these, one after another, while others send theirs. */
    public SimulatedHost<S> when(String aggregateId, Object... commands) {
        return new SimulatedHost<>(process, types, before, plus(atOnce, aggregateId, commands), fails);
    }

    /**
     * These commands of the process fail when they first come; at some later time an operator sends their dead letters
     * again.
     */
    public SimulatedHost<S> failing(Predicate<Send> first) {
        return new SimulatedHost<>(process, types, before, atOnce, first);
    }

    private static List<Requests> plus(List<Requests> requests, String aggregateId, Object... commands) {
        List<Requests> more = new ArrayList<>(requests);
        more.add(new Requests(aggregateId, List.of(commands)));
        return more;
    }

    /**
     * This holds when nothing is under way any more, in whatever order it came: in all where there are at most 2,000
     * orders, else in 4,000 of them.
     *
     * @return how many were tried, in words
     */
    public String thenEachEnd(Consumer<Ended> holds) {
        return Schedules.each(Schedules.LIMIT, choice -> check(choice, holds));
    }

    /** As {@link #thenEachEnd}, in one order, which the seed says: for property tests. */
    public void thenEnd(long seed, Consumer<Ended> holds) {
        check(new SplittableRandom(seed)::nextInt, holds);
    }

    private void check(Schedules.Choice choice, Consumer<Ended> holds) {
        World world = new World();
        before.forEach(world::request);
        world.run(options -> 0, false);
        atOnce.forEach(world::request);
        try {
            world.run(choice, true);
            holds.accept(world);
        } catch (AssertionError e) {
            throw new AssertionError(
                    "%s\n  after\n    %s"
                            .formatted(
                                    e.getMessage(),
                                    world.story.stream().map(Supplier::get).collect(Collectors.joining("\n    "))),
                    e);
        }
    }

    /** Everything when nothing is under way any more. */
    public sealed interface Ended {

        /** The aggregates of a type, by their ids. */
        <A> Map<String, A> states(Class<A> type);

        /** The instances of the process, by their ids; also those that left no trace, with the initial state. */
        <P> Map<String, P> instances(Class<P> type);

        /** Commands of the process that have no answer, or have failed and were not sent again. */
        List<Send> unanswered();

        /** Codes of all commands that were rejected, whoever sent them. */
        List<String> rejections();
    }

    /** A command on its way. */
    private record Request(
            String aggregateId,
            Object command,
            @Nullable Send sent,
            @Nullable String instance,
            boolean again) {}

    /** Something of which the process is to be told. */
    private record Delivery(String instance, Input input) {}

    private static final class Aggregate<C, A extends Record, E> {
        private final AggregateType<C, A, E> type;
        private A state;
        private long version;

        Aggregate(AggregateType<C, A, E> type) {
            this.type = type;
            this.state = type.decider().initial();
        }

        Decision<E> decide(Object command) {
            Decision<E> decision = type.decider().decide(type.commands().cast(command), state, ProcessKit.DEFAULT_TIME);
            if (decision instanceof Accepted<E> accepted) {
                accepted.events().forEach(event -> state = type.decider().fold(state, event));
            }
            return decision;
        }
    }

    private final class World implements Ended {

        private final Map<String, Aggregate<?, ?, ?>> aggregates = new TreeMap<>();
        private final Map<String, Instance<S>> instances = new TreeMap<>();
        private final Map<String, Deque<Request>> requests = new LinkedHashMap<>();
        private final Map<String, Deque<Delivery>> deliveries = new LinkedHashMap<>();
        private final List<String> rejections = new ArrayList<>();
        private final List<Supplier<String>> story = new ArrayList<>();

        void request(Requests of) {
            String client = "client " + requests.size();
            of.commands().forEach(each -> queue(client, new Request(of.aggregateId(), each, null, null, false)));
        }

        private void queue(String sender, Request request) {
            requests.computeIfAbsent(sender, each -> new ArrayDeque<>()).add(request);
        }

        /** Until nothing is under way; timers run out only where all orders are wanted. */
        void run(Schedules.Choice choice, boolean withTimers) {
            for (int steps = 0; steps < MAX_STEPS; steps++) {
                List<Runnable> next = new ArrayList<>();
                requests.values().stream()
                        .filter(each -> !each.isEmpty())
                        .forEach(each -> next.add(() -> decide(each.removeFirst())));
                deliveries.values().stream()
                        .filter(each -> !each.isEmpty())
                        .forEach(each -> next.add(() -> tell(each.removeFirst())));
                if (withTimers) {
                    instances.forEach((id, instance) -> instance.timers()
                            .forEach((name, time) -> next.add(() -> tell(new Delivery(id, new Due(name, time))))));
                }
                if (next.isEmpty()) {
                    return;
                }
                next.get(next.size() == 1 ? 0 : choice.among(next.size())).run();
            }
            throw new AssertionError("no end after %,d steps".formatted(MAX_STEPS));
        }

        private void decide(Request request) {
            AggregateType<?, ?, ?> type = typeOf(request.command());
            String place = type.name() + "/" + request.aggregateId();
            Send sent = request.sent();
            if (sent != null && !request.again() && fails.test(sent)) {
                story.add(() -> "%s fails on %s".formatted(place, request.command()));
                answer(place, request, Outcome.FAILED, -1, "failed", "it fails first");
                queue(
                        "operator " + place,
                        new Request(request.aggregateId(), request.command(), sent, request.instance(), true));
                return;
            }
            Aggregate<?, ?, ?> aggregate = aggregates.computeIfAbsent(place, each -> new Aggregate<>(type));
            Decision<?> decision =
                    sent != null && sent.expectedVersion() != null && sent.expectedVersion() != aggregate.version
                            ? Decision.reject("version-conflict", "the version is " + aggregate.version)
                            : aggregate.decide(request.command());
            story.add(() -> "%s decides %s: %s".formatted(place, request.command(), decision));
            switch (decision) {
                case Accepted<?> accepted -> {
                    accepted.events().forEach(event -> append(place, request.aggregateId(), aggregate, event));
                    answer(place, request, Outcome.ACCEPTED, aggregate.version, null, null);
                }
                case Rejected<?> rejected -> {
                    rejections.add(rejected.code());
                    answer(place, request, Outcome.REJECTED, aggregate.version, rejected.code(), rejected.message());
                }
            }
        }

        private AggregateType<?, ?, ?> typeOf(Object command) {
            return types.stream()
                    .filter(each -> each.commands().isInstance(command))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no type takes %s; there are %s".formatted(command, types)));
        }

        private void append(String place, String aggregateId, Aggregate<?, ?, ?> aggregate, Object event) {
            aggregate.version++;
            if (process.events().stream().noneMatch(each -> each.isInstance(event))) {
                return;
            }
            Happened happened = new Happened(aggregateId, aggregate.version, ProcessKit.DEFAULT_TIME, event);
            String instance = Instance.idOf(process, happened);
            if (instance != null) {
                deliver("events of " + place, new Delivery(instance, happened));
            }
        }

        private void answer(
                String place,
                Request request,
                Outcome outcome,
                long version,
                @Nullable String code,
                @Nullable String message) {
            if (request.instance() != null) {
                deliver(
                        "answers of " + place,
                        new Delivery(
                                request.instance(),
                                new Answered(
                                        request.aggregateId(),
                                        request.command(),
                                        outcome,
                                        version,
                                        code,
                                        message,
                                        ProcessKit.DEFAULT_TIME)));
            }
        }

        private void deliver(String channel, Delivery delivery) {
            deliveries.computeIfAbsent(channel, each -> new ArrayDeque<>()).add(delivery);
        }

        private void tell(Delivery delivery) {
            story.add(() -> "%s is told %s".formatted(delivery.instance(), delivery.input()));
            Instance<S> instance = instances.computeIfAbsent(delivery.instance(), each -> new Instance<>(process));
            for (Effect effect : instance.apply(delivery.input())) {
                story.add(() -> "  " + effect);
                if (effect instanceof Send send) {
                    queue(
                            "process to " + typeOf(send.command()).name() + "/" + send.aggregateId(),
                            new Request(send.aggregateId(), send.command(), send, delivery.instance(), false));
                }
            }
        }

        @Override
        public <A> Map<String, A> states(Class<A> type) {
            Map<String, A> states = new HashMap<>();
            aggregates.forEach((place, aggregate) -> {
                if (type.isInstance(aggregate.state)) {
                    states.put(place.substring(place.indexOf('/') + 1), type.cast(aggregate.state));
                }
            });
            return states;
        }

        @Override
        public <P> Map<String, P> instances(Class<P> type) {
            Map<String, P> states = new HashMap<>();
            instances.forEach((id, instance) -> states.put(id, type.cast(instance.state())));
            return states;
        }

        @Override
        public List<Send> unanswered() {
            return instances.values().stream()
                    .flatMap(each -> each.unanswered().stream())
                    .toList();
        }

        @Override
        public List<String> rejections() {
            return List.copyOf(rejections);
        }
    }
}
