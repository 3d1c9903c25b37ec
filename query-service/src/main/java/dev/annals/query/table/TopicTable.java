package dev.annals.query.table;

import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.CheckedStore;
import dev.annals.service.kafka.ServiceRights;
import dev.annals.service.kafka.StreamsApp;
import dev.annals.service.kafka.StreamsHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.BytesDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreType;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.TimestampedKeyValueStoreWithHeaders;
import org.jspecify.annotations.Nullable;

/**
 * One compacted topic as a table.
 *
 * <p>Each table is a Kafka Streams application of its own: a table can come and go (a new version of a view beside the
 * old one, a domain more) without moving the partitions or renumbering the tasks of the others. Thread-safe.
 */
public final class TopicTable {

    /** Offsets only: records that are applied twice leave the same table. */
    private static final int COMMIT_MILLIS = 1_000;

    /** Data ends a poll at once; this is how often an idle thread wakes up. */
    private static final int POLL_MILLIS = 100;

    static final String KEPT = "kept";

    private final String name;
    private final String topic;
    private final String store;
    private final @Nullable SideStore sideStore;
    private final Progress progress = Progress.ofActives();
    private final Waiters waiters = new Waiters();
    private final Standbys standbys;
    private volatile Phase phase;
    private volatile int partitions;
    private volatile @Nullable StreamsHost host;
    private volatile @Nullable HostInfo self;

    public enum Phase {
        /** It is filled, and no partition can be read. */
        HIDDEN,
        /** Each partition can be read once it has all that was written when this phase began. */
        OPENING,
        /** Requests are answered from it. */
        OPEN,
        /** Nothing is written any more, and it will be removed: can be read, but not waited for. */
        PAST
    }

    /**
     * @param name unique among the tables, for instance {@code orders.view.1}; names the consumer group and the store
     * @param topic with the installation's prefix
     * @param phase with which it begins
     */
    public TopicTable(String name, String topic, Phase phase) {
        this(name, topic, phase, null);
    }

    /** As {@link #TopicTable(String, String, Phase)}, with a side store. */
    public TopicTable(String name, String topic, Phase phase, @Nullable SideStore sideStore) {
        this.name = name;
        this.topic = topic;
        this.store = name;
        this.phase = phase;
        this.sideStore = sideStore;
        this.standbys = new Standbys(topic, waiters);
    }

    public Phase phase() {
        return phase;
    }

    public void become(Phase next) {
        phase = next;
        if (next == Phase.PAST) {
            waiters.end();
        }
    }

    public String name() {
        return name;
    }

    public String topic() {
        return topic;
    }

    String applicationId() {
        String plain = ServiceRights.tableApplication(name);
        return sideStore == null ? plain : plain + "-" + sideStore.name();
    }

    Progress progress() {
        return progress;
    }

    Progress standbys() {
        return standbys.progress();
    }

    /** Who waits for records on this instance. */
    public Waiters waiters() {
        return waiters;
    }

    /** The number of partitions; 0 before the tables are started. */
    public int partitions() {
        return partitions;
    }

    List<TopicPartition> partitions(Collection<Integer> numbers) {
        return numbers.stream().map(number -> new TopicPartition(topic, number)).toList();
    }

    Topology topology() {
        StoreBuilder<TimestampedKeyValueStoreWithHeaders<Bytes, byte[]>> records =
                Stores.timestampedKeyValueStoreWithHeadersBuilder(
                                Stores.persistentTimestampedKeyValueStoreWithHeaders(store),
                                Serdes.Bytes(),
                                Serdes.ByteArray())
                        .withCachingDisabled();
        Topology topology = new Topology()
                .addReadOnlyStateStore(
                        records,
                        "source",
                        // A producer may send -1 for no time; that must not stop the table.
                        (record, partitionTime) -> Math.max(0, record.timestamp()),
                        new BytesDeserializer(),
                        new ByteArrayDeserializer(),
                        topic,
                        "table",
                        () -> new TableProcessor(store, progress, waiters, sideStore));
        return sideStore == null ? topology : topology.addStateStore(kept(), "table");
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> kept() {
        return Stores.keyValueStoreBuilder(CheckedStore.persistent(KEPT), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled();
    }

    /** @param defaults of every Streams application of the service, with this table's application id */
    StreamsApp app(Map<String, Object> defaults) {
        Map<String, Object> config = new HashMap<>(defaults);
        // What comes again leaves the same stores; and an unclean stop would throw those of exactly once away.
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_MILLIS);
        config.put(StreamsConfig.POLL_MS_CONFIG, POLL_MILLIS);
        tellProgress(config, StreamsConfig.mainConsumerPrefix(""), progress);
        tellProgress(config, StreamsConfig.restoreConsumerPrefix(""), standbys.progress());
        return StreamsApp.of(name, this::topology, config)
                .prepared(client -> client.setStandbyUpdateListener(standbys))
                .essentialWhere(() -> phase == Phase.OPEN);
    }

    private void tellProgress(Map<String, Object> config, String consumer, Progress to) {
        config.put(consumer + ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, ProgressInterceptor.class.getName());
        config.put(consumer + ProgressInterceptor.PROGRESS, to);
        config.put(consumer + ProgressInterceptor.TOPIC, topic);
    }

    void startedIn(StreamsHost running, HostInfo advertised, int partitionCount) {
        partitions = partitionCount;
        self = advertised;
        host = running;
    }

    void stopped() {
        host = null;
    }

    /**
     * The partition of a key: the default partitioner's.
     *
     * @param key the record's key, or for events the aggregate id
     * @throws TableUnavailableException before the tables are started
     */
    public int partitionOf(byte[] key) {
        if (partitions == 0) {
            throw new TableUnavailableException(name + " is starting");
        }
        return AggregateIds.partition(key, partitions);
    }

    public boolean isHere(int partition) {
        return progress.isServing(partition);
    }

    /** Whether all these partitions can be read on this instance now, from open stores. */
    public boolean areHere(Set<Integer> wanted) {
        try {
            wanted.forEach(this::shard);
            return true;
        } catch (TableUnavailableException e) {
            return false;
        }
    }

    /** Whether a standby of a partition, which had caught up when it came, can be read on this instance now. */
    public boolean isStandbyHere(int partition) {
        return standbys.progress().isServing(partition);
    }

    /** @throws TableUnavailableException if it is not here, or not restored, or not caught up */
    public Shard shard(int partition) {
        if (!isHere(partition)) {
            throw new TableUnavailableException(named(partition) + " is not here or still catching up");
        }
        return shard(partition, false);
    }

    /**
     * A standby's copy of a partition on this instance, which follows what the owner has committed; or the partition
     * itself, once it is here.
     *
     * @throws TableUnavailableException if neither is here
     */
    public Shard standby(int partition) {
        if (isHere(partition)) {
            return shard(partition);
        }
        if (!isStandbyHere(partition)) {
            throw new TableUnavailableException("there is no standby of %s here".formatted(named(partition)));
        }
        return shard(partition, true);
    }

    private Shard shard(int partition, boolean standby) {
        return new Shard(
                named(partition),
                standby,
                store(partition, standby, store, QueryableStoreTypes.timestampedKeyValueStoreWithHeaders()),
                sideStore == null ? null : store(partition, standby, KEPT, QueryableStoreTypes.keyValueStore()),
                this::suspectStores);
    }

    private void suspectStores(String reason) {
        StreamsHost running = host;
        if (running != null && running.names().contains(name)) {
            running.suspectStores(name, reason);
        }
    }

    private String named(int partition) {
        return "partition %d of %s".formatted(partition, name);
    }

    private <V> ReadOnlyKeyValueStore<Bytes, V> store(
            int partition, boolean standby, String wanted, QueryableStoreType<ReadOnlyKeyValueStore<Bytes, V>> type) {
        StoreQueryParameters<ReadOnlyKeyValueStore<Bytes, V>> query =
                StoreQueryParameters.fromNameAndType(wanted, type).withPartition(partition);
        try {
            return streams().store(standby ? query.enableStaleStores() : query);
        } catch (InvalidStateStoreException | IllegalStateException e) {
            throw new TableUnavailableException(named(partition) + " is moving", e);
        }
    }

    /**
     * The instances that hold a partition, by Streams' own knowledge of the group: its active owner, if it has one now,
     * and then its standbys. One that has just died is among them until its session ends.
     */
    public Holders holders(int partition) {
        TopicPartition wanted = new TopicPartition(topic, partition);
        HostInfo owner = null;
        List<HostInfo> copies = new ArrayList<>();
        for (StreamsMetadata instance : group()) {
            if (instance.topicPartitions().contains(wanted)) {
                owner = instance.hostInfo();
            } else if (instance.standbyTopicPartitions().contains(wanted)) {
                copies.add(instance.hostInfo());
            }
        }
        return new Holders(owner, copies);
    }

    /** @param owner null while there is none */
    public record Holders(@Nullable HostInfo owner, List<HostInfo> standbys) {}

    /** All instances that hold a part of this table. */
    public Set<HostInfo> instancesWithParts() {
        return instances(instance -> !instance.topicPartitions().isEmpty());
    }

    /** All other instances that have this table, whether or not they hold a part of it now. */
    public Set<HostInfo> otherInstances() {
        return instances(instance -> !isSelf(instance.hostInfo()));
    }

    private Set<HostInfo> instances(Predicate<StreamsMetadata> wanted) {
        Set<HostInfo> all = new LinkedHashSet<>();
        for (StreamsMetadata instance : group()) {
            if (wanted.test(instance)) {
                all.add(instance.hostInfo());
            }
        }
        return all;
    }

    public boolean isSelf(HostInfo owner) {
        return owner.equals(self);
    }

    private Iterable<StreamsMetadata> group() {
        try {
            return streams().metadataForAllStreamsClients();
        } catch (IllegalStateException e) {
            throw new TableUnavailableException(name + " is starting or stopping", e);
        }
    }

    private KafkaStreams streams() {
        StreamsHost running = host;
        if (running == null) {
            throw new TableUnavailableException(name + " is starting or stopping");
        }
        try {
            return running.streams(name);
        } catch (IllegalStateException e) {
            throw new TableUnavailableException(name + " is between two starts", e);
        } catch (IllegalArgumentException e) {
            throw new TableUnavailableException(name + " has just been removed", e);
        }
    }

    /** For people: what Streams does, or that partitions are catching up. */
    public String state() {
        StreamsHost running = host;
        if (running == null || !running.names().contains(name)) {
            return "STARTING";
        }
        String state = running.state(name);
        boolean behind = progress.here().stream().anyMatch(partition -> !progress.isServing(partition));
        return state.equals(KafkaStreams.State.RUNNING.name()) && behind ? "CATCHING_UP" : state;
    }
}
