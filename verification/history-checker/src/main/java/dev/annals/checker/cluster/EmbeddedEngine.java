package dev.annals.checker.cluster;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.DecidingConfig;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.lanes.CommandEngine;
import dev.annals.lanes.CommandGateway;
import dev.annals.lanes.EngineSettings;
import dev.annals.lanes.LaneCounts;
import dev.annals.lanes.LaneLayout;
import dev.annals.service.ServiceConfig;
import dev.annals.service.kafka.TopicProvisioner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The command engine in this JVM, as a program has it that embeds it: one member more of the groups of command
 * services, with stores of its own, and a gateway that is called without HTTP. What others own is asked of them, one
 * hop away, and what it owns they ask of it.
 *
 * <p>Started and stopped by one thread at a time; {@link #gateway} is for all.
 */
public final class EmbeddedEngine implements AutoCloseable {

    private static final String MEMBER = "embedded";
    private static final String SOURCE = "/history-checker/embedded";

    /** Of a type that has none yet, as command services have it; what is recorded goes before. */
    private static final int LANES = 2;

    private static final int STANDBYS = 1;
    private static final int MAX_IN_FLIGHT = 2_000;
    private static final Duration CLIENT_LIMIT = Duration.ofSeconds(10);
    private static final Duration PUBLISH_STATES_EVERY = Duration.ofMinutes(1);
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(200);

    private final ServiceConfig config;
    private final Collection<AggregateBinding<?, ?, ?>> types;
    private final Map<String, Integer> lanes;
    private final EngineSettings settings;
    private final HttpHops hops;
    private volatile @Nullable CommandGateway gateway;
    private @Nullable CommandEngine engine;
    private Decided before = new Decided(0, 0);

    /** How many commands it has decided. */
    private record Decided(long ofCallers, long ofTopics) {

        Decided plus(LaneCounts counts) {
            return new Decided(ofCallers + counts.direct(), ofTopics + counts.polled());
        }
    }

    private EmbeddedEngine(Path folder, ServiceConfig config, Collection<AggregateBinding<?, ?, ?>> types)
            throws IOException {
        this.config = config;
        this.types = List.copyOf(types);
        this.lanes = new TopicProvisioner(config)
                .lanes(
                        types.stream()
                                .collect(Collectors.toMap(each -> each.type().name(), each -> Installation.PARTITIONS)),
                        LANES);
        this.hops = new HttpHops(config.topics(), config.values(), () -> gateway);
        this.settings = new EngineSettings(
                new KafkaClients(config.kafka(), CLIENT_LIMIT),
                config.topics(),
                config.values(),
                DecidingConfig.DEFAULT,
                folder,
                options -> {},
                PUBLISH_STATES_EVERY,
                STANDBYS,
                MEMBER,
                hops::address,
                InstantSource.system());
    }

    /**
     * Starts one, and waits until it has its place among the others.
     *
     * @param folder of its stores
     * @param config of a client of the installation, whose command services have been ready
     */
    public static EmbeddedEngine start(Path folder, ServiceConfig config, Collection<AggregateBinding<?, ?, ?>> types)
            throws IOException, TimeoutException {
        EmbeddedEngine embedded = new EmbeddedEngine(folder, config, types);
        try {
            embedded.start();
            embedded.awaitReady();
            return embedded;
        } catch (RuntimeException | TimeoutException e) {
            embedded.close();
            throw e;
        }
    }

    /** Starts it again, on the stores that it has. */
    public void start() {
        CommandEngine started = new CommandEngine();
        for (AggregateBinding<?, ?, ?> each : types) {
            String type = each.type().name();
            started.with(
                    settings,
                    each,
                    new LaneLayout(type, Installation.PARTITIONS, Objects.requireNonNull(lanes.get(type))));
        }
        started.start();
        engine = started;
        gateway = new CommandGateway(
                started,
                hops,
                config.kafka(),
                config.topics(),
                config.values(),
                SOURCE,
                MAX_IN_FLIGHT,
                InstantSource.system());
    }

    /** Ends it in order. */
    public void stop() {
        CommandGateway open = gateway;
        gateway = null;
        if (open != null) {
            open.stopWaiting();
            open.close();
        }
        CommandEngine running = engine;
        engine = null;
        if (running != null) {
            before = decided(running);
            running.close();
        }
    }

    /** To call; null while it is stopped. */
    public @Nullable CommandGateway gateway() {
        return gateway;
    }

    /**
     * Waits until it has nothing to complain of.
     *
     * @throws TimeoutException if it has; the message says of what
     */
    public void awaitReady() throws TimeoutException {
        CommandEngine running = Objects.requireNonNull(engine, "the embedded engine is stopped");
        long deadline = System.nanoTime() + READY_LIMIT.toNanos();
        for (List<String> reasons = running.reasonsAgainst(); !reasons.isEmpty(); reasons = running.reasonsAgainst()) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(
                        "the embedded engine is not ready within %d s: %s".formatted(READY_LIMIT.toSeconds(), reasons));
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private Decided decided(CommandEngine running) {
        Decided all = before;
        for (String type : lanes.keySet()) {
            all = all.plus(running.counts(type));
        }
        return all;
    }

    /** What it has done since its first start, for people. */
    public String describe() {
        CommandEngine running = engine;
        Decided all = running == null ? before : decided(running);
        return "the embedded engine decided %d commands of callers and %d of topics; others answered it %d times, and it others %d times"
                .formatted(all.ofCallers(), all.ofTopics(), hops.answered(), hops.given());
    }

    @Override
    public void close() {
        stop();
        hops.close();
    }
}
