package dev.annals.service.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * What brokers say of themselves and of topics, at about one moment.
 *
 * @param transactionVersion the finalized feature {@code transaction.version}; null where the cluster tells of no
 *     features
 * @param topics by name; those that are not there are missing
 */
public record ClusterFacts(int brokers, @Nullable Integer transactionVersion, Map<String, OfTopic> topics) {

    private static final String TRANSACTION_VERSION = "transaction.version";

    /** Every KRaft cluster has finalized it; of a feature that it has not, the level is 0. */
    private static final String METADATA_VERSION = "metadata.version";

    private static final Predicate<@Nullable Throwable> UNKNOWN =
            cause -> cause instanceof UnknownTopicOrPartitionException;

    private static final Predicate<@Nullable Throwable> UNKNOWN_OR_UNSEEN =
            UNKNOWN.or(cause -> cause instanceof TopicAuthorizationException);

    /**
     * @param id of the topic; empty where it is not made yet
     * @param replicas the fewest that a partition has
     * @param config all settings, with those that nobody has set
     */
    public record OfTopic(String id, int partitions, int replicas, Map<String, String> config) {}

    /**
     * Where logs begin and end, in offsets.
     *
     * @param ends also of transactions that are open
     */
    public record Offsets(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {}

    /**
     * Asks the brokers; each request may take as long as the client allows.
     *
     * @throws ExecutionException if one is refused, or not answered in time
     */
    public static ClusterFacts read(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        return read(admin, topics, List.of());
    }

    /**
     * As {@link #read(Admin, Collection)}.
     *
     * @param ifAllowed further topics, which are missing also where their settings may not be seen
     */
    static ClusterFacts read(Admin admin, Collection<String> topics, Collection<String> ifAllowed)
            throws ExecutionException, InterruptedException {
        int brokers = admin.describeCluster().nodes().get().size();
        Integer transactions =
                transactionVersion(admin.describeFeatures().featureMetadata().get());
        Map<String, OfTopic> facts = new HashMap<>(described(admin, topics, UNKNOWN));
        facts.putAll(described(admin, ifAllowed, UNKNOWN_OR_UNSEEN));
        return new ClusterFacts(brokers, transactions, facts);
    }

    private static Map<String, OfTopic> described(
            Admin admin, Collection<String> topics, Predicate<@Nullable Throwable> missing)
            throws ExecutionException, InterruptedException {
        Map<String, TopicDescription> there = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> each :
                admin.describeTopics(topics).topicNameValues().entrySet()) {
            orMissing(each.getValue(), there, each.getKey(), missing);
        }
        List<ConfigResource> resources = there.keySet().stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<String, Config> configs = new HashMap<>();
        for (Map.Entry<ConfigResource, KafkaFuture<Config>> each :
                admin.describeConfigs(resources).values().entrySet()) {
            orMissing(each.getValue(), configs, each.getKey().name(), missing);
        }
        Map<String, OfTopic> facts = new HashMap<>();
        configs.forEach((name, config) -> facts.put(name, ofTopic(there.get(name), config)));
        return facts;
    }

    private static @Nullable Integer transactionVersion(FeatureMetadata features) {
        var finalized = features.finalizedFeatures();
        var version = finalized.get(TRANSACTION_VERSION);
        if (version != null) {
            return (int) version.maxVersionLevel();
        }
        return finalized.containsKey(METADATA_VERSION) ? 0 : null;
    }

    private static OfTopic ofTopic(@Nullable TopicDescription topic, Config config) {
        if (topic == null) {
            throw new IllegalStateException("only topics that are there were asked for their settings");
        }
        int replicas = topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        return new OfTopic(topic.topicId().toString(), topic.partitions().size(), replicas, settings(config));
    }

    static Map<String, String> settings(Config config) {
        return config.entries().stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    /**
     * Where the logs of topics begin and end now; of those that are there.
     *
     * @throws ExecutionException as {@link #read}
     */
    public Offsets offsets(Admin admin, Collection<String> names) throws ExecutionException, InterruptedException {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String name : names) {
            OfTopic topic = topics.get(name);
            for (int partition = 0; topic != null && partition < topic.partitions(); partition++) {
                partitions.add(new TopicPartition(name, partition));
            }
        }
        return new Offsets(
                listed(admin, partitions, OffsetSpec.earliest()), listed(admin, partitions, OffsetSpec.latest()));
    }

    private static Map<TopicPartition, Long> listed(Admin admin, List<TopicPartition> partitions, OffsetSpec which)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, which));
        ListOffsetsResult result = admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            orMissing(
                    result.partitionResult(partition).thenApply(ListOffsetsResult.ListOffsetsResultInfo::offset),
                    offsets,
                    partition,
                    UNKNOWN);
        }
        return offsets;
    }

    private static <K, T> void orMissing(
            KafkaFuture<T> answer, Map<K, T> to, K key, Predicate<@Nullable Throwable> missing)
            throws ExecutionException, InterruptedException {
        try {
            to.put(key, answer.get());
        } catch (ExecutionException e) {
            if (!missing.test(e.getCause())) {
                throw e;
            }
        }
    }
}
