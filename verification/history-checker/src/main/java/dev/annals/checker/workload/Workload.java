package dev.annals.checker.workload;

import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.history.Answer;
import dev.annals.checker.history.Call;
import dev.annals.checker.workload.Planned.Gateway;
import dev.annals.checker.workload.Planned.Http;
import dev.annals.checker.workload.Planned.Route;
import dev.annals.checker.workload.Planned.Topic;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.lanes.CommandGateway;
import dev.annals.service.ServiceConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Clients that take the steps of one {@link Plan} together, half over topics and half over HTTP, or a third each by a
 * gateway too, and record every call.
 *
 * <p>Bounded: a client has one command in flight, or two at two instances, each with a limit; it stops after
 * {@link #MAX_CALLS}.
 */
public final class Workload implements AutoCloseable {

    /** More calls than this are not made, since they are kept. */
    static final int MAX_CALLS = 1_000_000;

    private static final int MAX_REPEATS = 3;
    private static final int MAX_THINK_MILLIS = 40;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final Plan plan;
    private final long seed;
    private final int clients;
    private final TopicChannel topic;
    private final List<HttpChannel> http;
    private final @Nullable GatewayChannel gateway;
    private final Map<String, AggregateBinding<?, ?, ?>> types;
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger callCount = new AtomicInteger();

    /** The highest version that clients have seen of each aggregate. */
    private final Map<AggregateRef, Long> seen = new ConcurrentHashMap<>();

    private final AtomicLong steps = new AtomicLong();
    private final AtomicLong traces = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;
    private volatile @Nullable Throwable failure;

    /**
     * @param scenario what is sent
     * @param seed of the plan
     * @param instances the addresses of the service
     * @param gateway where there is one in this JVM; it has null while it is closed
     * @param config of a client of it
     * @param principal who clients are; null where nobody is asked for a token
     */
    public Workload(
            Scenario scenario,
            long seed,
            int clients,
            List<URI> instances,
            @Nullable Supplier<@Nullable CommandGateway> gateway,
            ServiceConfig config,
            @Nullable Principal principal,
            Collection<AggregateBinding<?, ?, ?>> types) {
        this.seed = seed;
        this.plan = new Plan(seed, instances.size(), gateway != null, scenario.commands());
        this.clients = clients;
        this.types = types.stream()
                .collect(Collectors.toMap(binding -> binding.type().name(), binding -> binding));
        this.topic = new TopicChannel(config, this.types.keySet(), principal);
        this.gateway = gateway == null ? null : new GatewayChannel(gateway);
        this.http = new ArrayList<>();
        for (int i = 0; i < instances.size(); i++) {
            http.add(new HttpChannel("http-" + i, instances.get(i), principal));
        }
    }

    public void start() throws InterruptedException {
        topic.start(types.values());
        for (int i = 0; i < clients; i++) {
            SplittableRandom pauses = new SplittableRandom(seed + i);
            threads.add(start("client-" + i, () -> {
                while (!stopping && callCount.get() < MAX_CALLS) {
                    take(plan.at(steps.getAndIncrement()));
                    pause(pauses.nextInt(MAX_THINK_MILLIS));
                }
            }));
        }
    }

    /** Lets each client finish its step; then every command is written, or never will be. */
    public void stop() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            if (!thread.join(STOP_LIMIT)) {
                throw new IllegalStateException(thread.getName() + " did not finish within " + STOP_LIMIT);
            }
        }
        topic.flush();
        Throwable failed = failure == null ? topic.failure() : failure;
        if (failed != null) {
            throw new IllegalStateException("a client failed, which is a fault of the checker", failed);
        }
    }

    /** Closes all connections to all instances, also those in use. */
    public void cutConnections() {
        http.forEach(HttpChannel::cut);
    }

    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The steps taken so far. */
    public long steps() {
        return steps.get();
    }

    /**
     * Sends one command over HTTP, to one instance after the other, until it is answered.
     *
     * @return the last call; its answer is unknown where no instance answered within the limit
     */
    public Call insist(
            AggregateRef aggregate, String commandId, Object command, @Nullable Long expectedVersion, Duration limit)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            for (HttpChannel instance : http) {
                Call call = record(instance.send(request(aggregate, commandId, command, expectedVersion)));
                if (!(call.answer() instanceof Answer.Unknown) || System.nanoTime() > deadline) {
                    return call;
                }
                pause(MAX_THINK_MILLIS);
            }
        }
    }

    /**
     * Sends one command over HTTP, once.
     *
     * @param instance by its place among the addresses
     * @param limit for the answer, longer than that of the clients
     */
    public Call ask(int instance, AggregateRef aggregate, String commandId, Object command, Duration limit)
            throws InterruptedException {
        return record(http.get(instance).send(request(aggregate, commandId, command, null), limit));
    }

    private interface Task {
        void run() throws InterruptedException;
    }

    /** In a thread of its own; {@link #stop} throws what it throws. */
    private Thread start(String name, Task task) {
        return Thread.ofVirtual().name(name).start(() -> {
            try {
                task.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        });
    }

    private void take(Planned step) throws InterruptedException {
        Long expected = step.expectation().version(seen.getOrDefault(step.aggregate(), 0L));
        List<Thread> twins = new ArrayList<>();
        for (Route route : step.routes().subList(1, step.routes().size())) {
            twins.add(start("twin", () -> send(step, expected, route)));
        }
        Call call = send(step, expected, step.routes().getFirst());
        for (int i = 0; i < MAX_REPEATS && isWorthRepeating(step, call); i++) {
            call = send(step, expected, step.routes().getFirst());
        }
        for (Thread twin : twins) {
            twin.join();
        }
    }

    private boolean isWorthRepeating(Planned step, Call call) {
        return step.persistent() && !stopping && call.answer() instanceof Answer.Unknown;
    }

    private Call send(Planned step, @Nullable Long expected, Route route) throws InterruptedException {
        Request request = request(step.aggregate(), step.commandId(), step.command(), expected);
        return record(
                switch (route) {
                    case Topic() -> topic.send(request);
                    case Http(int instance) -> http.get(instance).send(request);
                    case Gateway() -> Objects.requireNonNull(gateway).send(request);
                });
    }

    private Call record(Call call) {
        calls.add(call);
        callCount.incrementAndGet();
        if (call.answer() instanceof Answer.Decided decided && decided.version() > 0) {
            seen.merge(call.aggregate(), decided.version(), Math::max);
        }
        return call;
    }

    private Request request(AggregateRef aggregate, String commandId, Object command, @Nullable Long expected) {
        long trace = traces.incrementAndGet();
        AggregateBinding<?, ?, ?> type = Objects.requireNonNull(types.get(aggregate.type()), aggregate.type());
        return new Request(
                "00-%016x%016x-%016x-01".formatted(seed, trace, trace),
                aggregate,
                commandId,
                command,
                toAvro(type, command),
                expected);
    }

    private static <C> GenericRecord toAvro(AggregateBinding<C, ?, ?> type, Object command) {
        return type.commandToAvro(type.type().commands().cast(command));
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }

    @Override
    public void close() {
        topic.close();
        http.forEach(HttpChannel::close);
    }
}
