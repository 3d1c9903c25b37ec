package dev.annals.lanes;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.ActorTrust;
import dev.annals.engine.deciding.BugLog;
import dev.annals.engine.deciding.RecordDecider.Asked;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.DeadLetterRecord;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.viewregistry.CommandSkip;
import dev.annals.lanes.KeptResults.Kept;
import dev.annals.lanes.LaneQueue.Waiting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * One instance of the command engine: the lanes of all aggregate types, shared with the other instances of the
 * installation. Thread-safe.
 */
public final class CommandEngine implements AutoCloseable {

    private static final int CLOSE_SECONDS = 5;

    /** For a lane to look for a result, between two transactions. */
    private static final int FIND_SECONDS = 1;

    private final ExecutorService background = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("lanes-background-", 0).factory());

    /** Begins the ids of results of commands that came through no topic: a number follows. */
    private final String instance = "direct-" + UUID.randomUUID() + "-";

    private final AtomicLong directs = new AtomicLong();
    private final Map<String, Type> types = new TreeMap<>();

    /** The lanes of a type here. */
    private record Type(
            LaneLayout layout,
            List<Lane<?, ?, ?>> lanes,
            LaneGroup group,
            Supplier<String> address,
            ActorTrust trust) {}

    /** The group's metadata is needed by its lanes, which it needs itself. */
    private static final class Later implements LaneEnvironment.Group {

        private LaneEnvironment.@Nullable Group group;

        @Override
        public ConsumerGroupMetadata metadata() {
            return Objects.requireNonNull(group).metadata();
        }

        @Override
        public Map<TopicPartition, Long> committed(Set<TopicPartition> partitions) {
            return Objects.requireNonNull(group).committed(partitions);
        }

        @Override
        public long newest(Set<TopicPartition> partitions) {
            return Objects.requireNonNull(group).newest(partitions);
        }

        @Override
        public Set<TopicPartition> open(Set<TopicPartition> partitions) {
            return Objects.requireNonNull(group).open(partitions);
        }

        @Override
        public @Nullable CommandSkip passedOver(RecordPlace place) {
            return Objects.requireNonNull(group).passedOver(place);
        }

        @Override
        public boolean owns(int lane) {
            return Objects.requireNonNull(group).owns(lane);
        }
    }

    /** Adds a type; before {@link #start}. */
    public <C, S extends java.lang.Record, E> CommandEngine with(
            EngineSettings settings, AggregateBinding<C, S, E> binding, LaneLayout layout) {
        return with(settings, binding, layout, new KafkaLaneClients(settings.clients()));
    }

    <C, S extends java.lang.Record, E> CommandEngine with(
            EngineSettings settings, AggregateBinding<C, S, E> binding, LaneLayout layout, LaneClients clients) {
        Later later = new Later();
        LaneEnvironment environment = new LaneEnvironment(
                settings.topics(),
                settings.serdes(),
                settings.deciding(),
                settings.folder(),
                settings.tuning(),
                settings.publishStatesEvery(),
                settings.clock(),
                background,
                later);
        BugLog bugs = new BugLog(layout.type());
        List<Lane<?, ?, ?>> lanes = new ArrayList<>();
        for (int number = 0; number < layout.lanes(); number++) {
            lanes.add(new Lane<>(binding, layout, number, environment, clients, bugs));
        }
        LaneGroup group = new LaneGroup(
                layout,
                settings.topics(),
                settings.topics().commandGroup(layout.type()),
                lanes,
                settings.clients(),
                settings.member(),
                settings.address(),
                settings.standbys(),
                settings.clock()::millis);
        later.group = group;
        types.put(
                layout.type(),
                new Type(
                        layout,
                        lanes,
                        group,
                        settings.address(),
                        settings.deciding().trust()));
        return this;
    }

    public void start() {
        types.values().forEach(type -> {
            type.lanes.forEach(Lane::start);
            type.group.start();
        });
    }

    /**
     * Decides a command here.
     *
     * @param command as its sender would write it to the topic: key, value and headers
     * @return its result once that is durable; {@link LaneMovedException} where this instance does not decide it, and
     *     {@link EngineFullException} where too many wait
     */
    public CompletionStage<CommandAnswer> decide(String type, Record<byte[], byte[]> command) {
        Type here = type(type);
        int partition = AggregateIds.partition(command.key(), here.layout.partitions());
        Lane<?, ?, ?> lane = here.lanes.get(here.layout.laneOf(partition));
        CompletableFuture<CommandAnswer> result = new CompletableFuture<>();
        Asked asked = new Asked(command, null, instance + directs.incrementAndGet(), false);
        if (!lane.isDeciding()) {
            result.completeExceptionally(new LaneMovedException("lane %d of %s".formatted(lane.number(), type), false));
        } else if (!lane.queue().offer(new Waiting(asked, partition, DeadLetterRecord.size(command), result))) {
            result.completeExceptionally(new EngineFullException(type));
        }
        return result;
    }

    /**
     * What a command would come to, decided against the state as it is; nothing of it is written or kept.
     *
     * @param command as for {@link #decide}
     */
    public CompletionStage<CommandAnswer> tryOut(String type, Record<byte[], byte[]> command) {
        Type here = type(type);
        int partition = AggregateIds.partition(command.key(), here.layout.partitions());
        return here.lanes
                .get(here.layout.laneOf(partition))
                .tryOut(new Asked(command, null, instance + "trial", false));
    }

    /**
     * What the lanes that are decided here know of a command id. Those that move meanwhile, or wait for the brokers,
     * are not searched.
     *
     * @param principal whose id it is, as {@code ce_authid} has it; null: of nobody who is known. Counts where who asks
     *     is believed
     */
    public CompletionStage<KeptResults> find(String commandId, @Nullable String principal) {
        Map<Lane<?, ?, ?>, CompletableFuture<List<Kept>>> asked = new LinkedHashMap<>();
        types.values()
                .forEach(type -> type.lanes.forEach(lane -> asked.put(
                        lane,
                        lane.find(commandId, principal)
                                .orTimeout(FIND_SECONDS, TimeUnit.SECONDS)
                                .exceptionally(CommandEngine::ifAnswered))));
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
                .thenApply(unused -> together(asked));
    }

    private static @Nullable List<Kept> ifAnswered(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof LaneMovedException || cause instanceof TimeoutException) {
            return null;
        }
        throw new CompletionException(cause);
    }

    private static KeptResults together(Map<Lane<?, ?, ?>, CompletableFuture<List<Kept>>> asked) {
        List<Kept> results = new ArrayList<>();
        Map<String, Set<Integer>> searched = new TreeMap<>();
        asked.forEach((lane, found) -> {
            List<Kept> ofLane = found.join();
            if (ofLane != null) {
                results.addAll(ofLane);
                searched.computeIfAbsent(lane.layout().type(), type -> new TreeSet<>())
                        .addAll(lane.layout().partitionsOf(lane.number()));
            }
        });
        return new KeptResults(results, searched);
    }

    /** The addresses of all owners that are known here, this instance among them. */
    public Set<String> owners() {
        Set<String> owners = new TreeSet<>();
        types.values().forEach(type -> {
            for (int lane = 0; lane < type.layout.lanes(); lane++) {
                String owner = type.group.owner(lane);
                if (owner != null) {
                    owners.add(owner);
                }
            }
        });
        return owners;
    }

    /** Where the commands, events and results of an aggregate are. */
    int partition(String type, String aggregateId) {
        return AggregateIds.partition(aggregateId, type(type).layout.partitions());
    }

    /** Whether an aggregate's commands are decided here now. */
    boolean decides(String type, String aggregateId) {
        Type here = type(type);
        return here.lanes.get(here.layout.laneOf(partition(type, aggregateId))).isDeciding();
    }

    /** Whether a record in the topic of the commands can say who asks. */
    boolean trustsTopic(String type) {
        return type(type).trust.isForTopics();
    }

    /** As {@link #owner}; null where it is this instance. */
    @Nullable
    String ownerElsewhere(String type, String aggregateId) {
        String owner = owner(type, aggregateId);
        return owner == null || owner.equals(type(type).address.get()) ? null : owner;
    }

    /** The address of the instance that decides for an aggregate, as far as it is known here. */
    public @Nullable String owner(String type, String aggregateId) {
        Type here = type(type);
        return here.group.owner(here.layout.laneOf(AggregateIds.partition(aggregateId, here.layout.partitions())));
    }

    private Type type(String name) {
        Type type = types.get(name);
        if (type == null) {
            throw new IllegalArgumentException("type '%s': expected one of %s".formatted(name, types.keySet()));
        }
        return type;
    }

    /** Why this instance does not do all that it should; empty if it does. */
    public List<String> reasonsAgainst() {
        List<String> reasons = new ArrayList<>();
        types.forEach((name, type) -> {
            String ofGroup = type.group.trouble();
            if (ofGroup != null) {
                reasons.add("%s: %s".formatted(name, ofGroup));
            }
            type.lanes.forEach(lane -> {
                String ofLane = lane.trouble();
                if (ofLane != null) {
                    reasons.add("%s: lane %d: %s".formatted(name, lane.number(), ofLane));
                }
            });
        });
        return reasons;
    }

    public LaneCounts counts(String type) {
        return type(type).lanes.stream().map(Lane::counts).reduce(LaneCounts.NONE, LaneCounts::plus);
    }

    /** How many lanes of a type are decided here. */
    public long deciding(String type) {
        return type(type).lanes.stream().filter(Lane::isDeciding).count();
    }

    @Override
    public void close() {
        types.values().forEach(type -> type.group.close());
        types.values().forEach(type -> type.lanes.forEach(Lane::close));
        background.shutdown();
        try {
            if (!background.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                background.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
