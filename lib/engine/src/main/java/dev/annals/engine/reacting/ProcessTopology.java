package dev.annals.engine.reacting;

import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.CheckedStore;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.RecordTimeExtractor;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.rebuilding.KafkaPartitionLog;
import dev.annals.engine.rebuilding.PartitionLog;
import dev.annals.engine.rebuilding.Rebuilds;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.Stores;

/**
 * Events and results in; commands, a journal and dead letters out: what comes is sent to the partition of its instance,
 * and told to it there.
 *
 * <p>Run under {@code exactly_once_v2}: an input, the instance after it, its timers, its journal and its commands are
 * then one transaction. An event that comes again under its version, and the answer to a command that has been
 * answered, change nothing whatever the guarantee.
 */
public final class ProcessTopology {

    static final String STORE = "instances";
    static final String JOURNAL = "journal";
    static final String DEAD_LETTERS = "dead-letters";

    private static final String SOURCES = "sources";
    private static final String ROUTE = "route";
    private static final String INPUTS = "inputs";
    private static final String REACT = "react";

    /** What clocks may differ by: records are passed over by their own times, this is where reading begins. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    private static final Serde<byte[]> BYTES = Serdes.ByteArray();

    private ProcessTopology() {}

    /** The Streams application of a process, without the installation's prefix. */
    public static String applicationId(String process) {
        return "annals-process-" + process;
    }

    /** Where inputs wait for their instances; key: the instance's id. Operators' words go there too. */
    public static String inputs(Topics topics, String process) {
        return "%s%s-%s-repartition".formatted(topics.prefix(), applicationId(process), INPUTS);
    }

    /** The topic that carries the changes of the {@link #STORE}. */
    public static String changelog(Topics topics, String process) {
        return "%s%s-%s-changelog".formatted(topics.prefix(), applicationId(process), STORE);
    }

    static String commands(String type) {
        return "commands-" + type;
    }

    /**
     * @param partitions of the journal, and so of the inputs
     * @param from when the process began: events before that are not its own
     * @param parked is told how many instances are
     * @param rebuilds is told while the stores are made from the journal
     */
    public static <S extends Record> Topology of(
            ProcessBinding<S> binding,
            Topics topics,
            int partitions,
            Instant from,
            AvroSerdes serdes,
            ReactingConfig config,
            ParkedInstances parked,
            Rebuilds rebuilds,
            InstantSource clock) {
        return of(binding, topics, partitions, from, serdes, config, parked, rebuilds, KafkaPartitionLog::new, clock);
    }

    /**
     * As {@link #of(ProcessBinding, Topics, int, Instant, AvroSerdes, ReactingConfig, ParkedInstances, Rebuilds,
     * InstantSource)}, with journals from elsewhere.
     */
    public static <S extends Record> Topology of(
            ProcessBinding<S> binding,
            Topics topics,
            int partitions,
            Instant from,
            AvroSerdes serdes,
            ReactingConfig config,
            ParkedInstances parked,
            Rebuilds rebuilds,
            PartitionLog.Opener journals,
            InstantSource clock) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(Stores.keyValueStoreBuilder(CheckedStore.persistent(STORE), BYTES, BYTES)
                .withCachingDisabled());
        builder.stream(
                        sources(binding, topics),
                        Consumed.with(BYTES, BYTES)
                                .withName(SOURCES)
                                .withOffsetResetPolicy(begin(from, clock))
                                .withTimestampExtractor(new RecordTimeExtractor()))
                .process(() -> new RoutingProcessor(binding, topics, from, serdes, config), Named.as(ROUTE))
                .repartition(Repartitioned.with(BYTES, BYTES).withName(INPUTS).withNumberOfPartitions(partitions))
                .process(
                        () -> new ReactingProcessor<>(binding, topics, serdes, config, parked, rebuilds, journals),
                        Named.as(REACT),
                        STORE);
        Topology topology = builder.build();
        ByteArraySerializer bytes = new ByteArraySerializer();
        topology.addSink(
                JOURNAL,
                topics.journal(binding.name()),
                bytes,
                bytes,
                (topic, key, value, count) ->
                        Optional.of(Set.of(AggregateIds.partition(EventKey.aggregateId(key), partitions))),
                REACT);
        topology.addSink(DEAD_LETTERS, topics.deadLetters(binding.name()), bytes, bytes, REACT);
        binding.commandedTypes()
                .forEach(type -> topology.addSink(commands(type), topics.commands(type), bytes, bytes, REACT));
        return topology;
    }

    private static List<String> sources(ProcessBinding<?> binding, Topics topics) {
        List<String> sources = new ArrayList<>();
        binding.followedTypes().forEach(type -> sources.add(topics.events(type)));
        binding.commandedTypes().forEach(type -> sources.add(topics.results(type)));
        return sources;
    }

    private static AutoOffsetReset begin(Instant from, InstantSource clock) {
        return from.equals(Instant.EPOCH)
                ? AutoOffsetReset.earliest()
                : AutoOffsetReset.byDuration(
                        Duration.between(from, clock.instant()).plus(MARGIN).abs());
    }
}
