package dev.annals.engine.deciding;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.CheckedStore;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.rebuilding.KafkaPartitionLog;
import dev.annals.engine.rebuilding.PartitionLog;
import dev.annals.engine.rebuilding.Rebuilds;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Commands in; events, results and dead letters out, in one transaction with the store.
 *
 * <p>A command that its sender put into another partition than murmur2 of the aggregate id (librdkafka's default is
 * CRC32) is written to the right one in the same transaction instead of being decided where the aggregate's state is
 * not.
 */
public final class CommandTopology {

    /** The store of states and command ids. */
    public static final String STORE = DecidingProcessor.STORE;

    private static final String COMMANDS = "commands";
    private static final String DECIDE = "decide";

    private CommandTopology() {}

    /** The id of the Streams application that decides for an aggregate type, without the installation's prefix. */
    public static String application(String aggregateType) {
        return "annals-command-" + aggregateType;
    }

    /** The topic that carries the changes of the {@link #STORE}, see {@link StoredStates}. */
    public static String changelog(Topics topics, String aggregateType) {
        return "%s%s-%s-changelog".formatted(topics.prefix(), application(aggregateType), STORE);
    }

    /**
     * @param partitions of the command topic; the event topic has as many
     * @param rebuilds is told of the partitions whose states are being made anew
     */
    public static Topology of(
            AggregateBinding<?, ?, ?> binding,
            Topics topics,
            int partitions,
            AvroSerdes serdes,
            DecidingConfig config,
            Rebuilds rebuilds) {
        return of(
                binding, topics, partitions, serdes, config, rebuilds, KafkaPartitionLog::new, InstantSource.system());
    }

    static Topology of(
            AggregateBinding<?, ?, ?> binding,
            Topics topics,
            int partitions,
            AvroSerdes serdes,
            DecidingConfig config,
            Rebuilds rebuilds,
            PartitionLog.Opener logs,
            InstantSource clock) {
        String type = binding.type().name();
        var bytes = new ByteArraySerializer();
        var bugs = new BugLog(type);
        return new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        COMMANDS,
                        new ArrivalTimeExtractor(clock),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.commands(type))
                .addProcessor(
                        DECIDE,
                        () -> new DecidingProcessor<>(
                                binding, topics, partitions, serdes, config, rebuilds, logs, bugs),
                        COMMANDS)
                .addStateStore(store(config.storeType()), DECIDE)
                .addSink(
                        DecidingProcessor.EVENTS,
                        topics.events(type),
                        bytes,
                        bytes,
                        (topic, key, value, count) -> partition(EventKey.aggregateId(key), partitions),
                        DECIDE)
                .addSink(DecidingProcessor.RESULTS, topics.results(type), bytes, bytes, DECIDE)
                .addSink(DecidingProcessor.REPLIES, topics.replies(), bytes, bytes, ReplyAddress.partitioner(), DECIDE)
                .addSink(DecidingProcessor.DEAD_LETTERS, topics.deadLetters(type), bytes, bytes, DECIDE)
                .addSink(
                        DecidingProcessor.REROUTED,
                        topics.commands(type),
                        bytes,
                        bytes,
                        // By the number at the start, not by the topic's own: were it to grow, a command would be
                        // rerouted for ever.
                        (topic, key, value, count) -> partition(key, partitions),
                        DECIDE);
    }

    private static StoreBuilder<KeyValueStore<byte[], byte[]>> store(DecidingConfig.StoreType type) {
        KeyValueBytesStoreSupplier supplier = switch (type) {
            case ROCKSDB -> CheckedStore.persistent(STORE);
            case MEMORY -> Stores.inMemoryKeyValueStore(STORE);
        };
        return Stores.keyValueStoreBuilder(supplier, Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingDisabled();
    }

    private static Optional<Set<Integer>> partition(byte[] aggregateId, int partitions) {
        return Optional.of(Set.of(AggregateIds.partition(aggregateId, partitions)));
    }
}
