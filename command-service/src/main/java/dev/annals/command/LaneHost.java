package dev.annals.command;

import dev.annals.command.CommandLookup.Sought;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.ActorTrust;
import dev.annals.engine.files.OwnerOnly;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.lanes.CommandAnswer;
import dev.annals.lanes.CommandEngine;
import dev.annals.lanes.CommandGateway;
import dev.annals.lanes.CommandMessage;
import dev.annals.lanes.CommandMessage.Actor;
import dev.annals.lanes.EngineSettings;
import dev.annals.lanes.KeptResults;
import dev.annals.lanes.LaneCounts;
import dev.annals.lanes.LaneLayout;
import dev.annals.lanes.PeerCodec;
import dev.annals.service.Readiness;
import dev.annals.service.ServiceConfig;
import dev.annals.service.http.PeerClient;
import dev.annals.service.kafka.BoundedRocksDb;
import io.javalin.config.RoutesConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.streams.state.HostInfo;

/** Decides commands on lanes: the command engine, a gateway to it, and the way to the other instances. Thread-safe. */
final class LaneHost implements CommandBus, Readiness, AutoCloseable {

    private static final Duration CLIENT_LIMIT = Duration.ofSeconds(10);

    /** For the lanes of this instance to look for a result, between two transactions. */
    static final Duration FIND_LIMIT = Duration.ofSeconds(2);

    private final CommandEngine engine = new CommandEngine();
    private final Map<String, Integer> partitions;
    private final ActorTrust trust;
    private final PendingCommands pending = new PendingCommands(InstantSource.system());
    private final PeerCodec codec;
    private final HttpPeers peers;
    private final CommandGateway gateway;
    private volatile String address = "";

    /**
     * @param partitions of each aggregate type
     * @param lanes of each, see {@link LaneLayout}
     */
    LaneHost(
            CommandConfig config,
            Collection<AggregateBinding<?, ?, ?>> bindings,
            Map<String, Integer> partitions,
            Map<String, Integer> lanes,
            PeerClient client) {
        ServiceConfig common = config.service();
        this.partitions = partitions;
        this.trust = config.deciding().trust();
        EngineSettings settings = new EngineSettings(
                new KafkaClients(common.kafka(), CLIENT_LIMIT),
                common.topics(),
                common.values(),
                config.deciding(),
                common.stateDir().resolve(common.topics().prefix() + "annals-lanes"),
                options -> new BoundedRocksDb().setConfig("lanes", options, Map.of()),
                config.statesInterval(),
                common.standbyReplicas(),
                member(common.stateDir()),
                () -> address,
                InstantSource.system());
        for (AggregateBinding<?, ?, ?> binding : bindings) {
            String type = binding.type().name();
            engine.with(
                    settings,
                    binding,
                    new LaneLayout(
                            type,
                            Objects.requireNonNull(partitions.get(type)),
                            Objects.requireNonNull(lanes.get(type))));
        }
        this.codec = new PeerCodec(common.topics(), common.values());
        this.peers = new HttpPeers(client, codec);
        this.gateway = new CommandGateway(
                engine,
                peers,
                common.kafka(),
                common.topics(),
                common.values(),
                "/annals/http",
                config.maxInFlight(),
                InstantSource.system());
    }

    /** Of this instance for as long as it has its folder: a restart takes its place in the group again. */
    private static String member(Path stateDir) {
        Path file = stateDir.resolve("member");
        try {
            OwnerOnly.createDirectories(stateDir);
            if (Files.exists(file)) {
                return Files.readString(file).strip();
            }
            String member = UUID.randomUUID().toString();
            OwnerOnly.write(file, member);
            return member;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param advertised where other instances reach this one */
    void start(HostInfo advertised) {
        address = advertised.host() + ":" + advertised.port();
        engine.start();
    }

    /** Routes between instances. */
    void add(RoutesConfig routes) {
        peers.answer(routes, gateway, CommandRoutes.VIRTUAL);
    }

    void register(MeterRegistry meters) {
        meters.gauge("annals.commands.in.flight", gateway, CommandGateway::inFlight);
        for (String type : partitions.keySet()) {
            Tags tags = Tags.of("type", type);
            meters.gauge("annals.lanes.deciding", tags, engine, now -> now.deciding(type));
            meters.gauge(
                    "annals.lanes.waiting",
                    tags,
                    engine,
                    now -> now.counts(type).waiting());
            meters.gauge(
                    "annals.lanes.unread", tags, engine, now -> now.counts(type).unread());
            counter(meters, "annals.commands.decided", tags.and("by", "caller"), type, LaneCounts::direct);
            counter(meters, "annals.commands.decided", tags.and("by", "topic"), type, LaneCounts::polled);
            counter(meters, "annals.events.appended", tags, type, LaneCounts::events);
            counter(meters, "annals.dead.letters", tags, type, LaneCounts::deadLetters);
            meters.more()
                    .timer(
                            "annals.lanes.commits",
                            tags,
                            engine,
                            now -> now.counts(type).transactions(),
                            now -> now.counts(type).commitNanos(),
                            TimeUnit.NANOSECONDS);
            counter(meters, "annals.lanes.failures", tags, type, LaneCounts::failures);
        }
    }

    private void counter(MeterRegistry meters, String name, Tags tags, String type, ToLongFunction<LaneCounts> count) {
        meters.more().counter(name, tags, engine, now -> count.applyAsLong(now.counts(type)));
    }

    @Override
    public CompletionStage<Optional<CommandAnswer>> send(CommandMessage command, Duration wait) {
        Actor actor = command.actor();
        String name = trust.nameOf(command.commandId(), actor == null ? null : actor.id());
        pending.add(name);
        return gateway.send(command, wait).whenComplete((answer, failure) -> {
            if (failure != null || answer.isPresent()) {
                pending.remove(name);
            }
        });
    }

    @Override
    public CompletionStage<CommandAnswer> tryOut(CommandMessage command, Duration wait) {
        return gateway.tryOut(command, wait);
    }

    /** Before the server, which else waits for those that wait. */
    void stopWaiting() {
        gateway.stopWaiting();
    }

    /** Whether a command was taken here, and its result is not known. */
    boolean isPending(Sought sought) {
        return pending.contains(trust.nameOf(sought.commandId(), sought.principal()));
    }

    /** All partitions that any instance has, as {@link SearchedPartitions} names them. */
    Set<String> partitions() {
        Set<String> all = new TreeSet<>();
        partitions.forEach((type, count) ->
                IntStream.range(0, count).forEach(each -> all.add(SearchedPartitions.partition(type, each))));
        return all;
    }

    /** The other instances that own anything. */
    List<HostInfo> peers() {
        Set<String> owners = new TreeSet<>(engine.owners());
        owners.remove(address);
        return owners.stream().map(LaneHost::hostInfo).toList();
    }

    /** Of what is no address, one at which nobody answers. */
    private static HostInfo hostInfo(String told) {
        try {
            return HostInfo.buildFromEndpoint(told);
        } catch (ConfigException e) {
            return new HostInfo(told, HostInfo.unavailable().port());
        }
    }

    /** What is here of a command id: the newest result of all aggregates that have one. */
    CommandLookup.Status find(Sought sought) {
        KeptResults kept = await(engine.find(sought.commandId(), sought.principal()));
        return kept.results().stream()
                .max(Comparator.comparing(KeptResults.Kept::decided))
                .<CommandLookup.Status>map(CommandLookup::found)
                .orElseGet(() -> new CommandLookup.Unknown(searched(kept)));
    }

    private static SearchedPartitions searched(KeptResults kept) {
        Set<String> searched = new TreeSet<>();
        kept.searched()
                .forEach((type, all) -> all.forEach(each -> searched.add(SearchedPartitions.partition(type, each))));
        return new SearchedPartitions(searched);
    }

    private static KeptResults await(CompletionStage<KeptResults> asked) {
        try {
            return asked.toCompletableFuture().get(FIND_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return new KeptResults(List.of(), Map.of()); // nothing was searched
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public List<String> reasonsAgainst() {
        return engine.reasonsAgainst();
    }

    @Override
    public void close() {
        gateway.close();
        engine.close();
        codec.close();
    }
}
