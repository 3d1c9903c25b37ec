package dev.annals.checker.faults;

import dev.annals.checker.cluster.Installation;
import dev.annals.engine.kafka.Topics;
import dev.annals.service.ServiceConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** What an operator can do to the topics of an installation, and must not. Every request has a limit. */
final class TopicChanges implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Of the types that clients send commands to. */
    private static final List<String> TYPES = List.of("accounts", "orders", "seats");

    private final Admin admin;
    private final Topics topics;

    TopicChanges(ServiceConfig config) {
        this.topics = config.topics();
        this.admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                config.bootstrapServers(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) LIMIT.toMillis()));
    }

    /** The event topic of one of the types that clients use. */
    String events(RandomGenerator random) {
        return topics.events(type(random));
    }

    /** The command topic of one of the types that clients use. */
    String commands(RandomGenerator random) {
        return topics.commands(type(random));
    }

    private static String type(RandomGenerator random) {
        return TYPES.get(random.nextInt(TYPES.size()));
    }

    void set(String topic, String setting, String value)
            throws ExecutionException, InterruptedException, TimeoutException {
        get(admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET))))
                .all());
    }

    /** One partition more than it was made with. */
    void grow(String topic) throws ExecutionException, InterruptedException, TimeoutException {
        get(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(Installation.PARTITIONS + 1)))
                .all());
    }

    /** Has all partitions stand on these brokers, and the first of them lead. */
    void place(String topic, List<Integer> brokers) throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, Optional<NewPartitionReassignment>> all = new HashMap<>();
        partitions(topic).forEach(each -> all.put(each, Optional.of(new NewPartitionReassignment(brokers))));
        get(admin.alterPartitionReassignments(all).all());
    }

    /** Whether a broker leads all partitions, with so many replicas in sync; false also where nobody answers. */
    boolean isLed(String topic, int leader, int inSync) {
        try {
            TopicDescription found =
                    get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
            return found != null
                    && found.partitions().stream()
                            .allMatch(each -> each.isr().size() == inSync
                                    && each.leader() != null
                                    && each.leader().id() == leader);
        } catch (ExecutionException | TimeoutException notNow) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Asks the first of the brokers that have a partition to lead it, where they are there; waits for nothing. */
    void electPreferred(String topic) {
        var unused = admin.electLeaders(ElectionType.PREFERRED, partitions(topic));
    }

    /** The end of each partition, of open transactions too. */
    Map<Integer, Long> ends(String topic) throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions(topic).forEach(each -> latest.put(each, OffsetSpec.latest()));
        Map<Integer, Long> ends = new TreeMap<>();
        get(admin.listOffsets(latest).all()).forEach((each, end) -> ends.put(each.partition(), end.offset()));
        return ends;
    }

    private static Set<TopicPartition> partitions(String topic) {
        return IntStream.range(0, Installation.PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .collect(Collectors.toSet());
    }

    void delete(String topic) throws ExecutionException, InterruptedException, TimeoutException {
        get(admin.deleteTopics(List.of(topic)).all());
    }

    /** An empty one of the same name, with the settings of events. */
    void makeAnew(String topic) throws ExecutionException, InterruptedException, TimeoutException {
        NewTopic anew = new NewTopic(topic, Optional.of(Installation.PARTITIONS), Optional.empty())
                .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                get(admin.createTopics(List.of(anew)).all());
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException) || System.nanoTime() > deadline) {
                    throw e; // a topic is still there for a moment after its deletion was promised
                }
            }
            Thread.sleep(PAUSE);
        }
    }

    private static <T> T get(KafkaFuture<T> asked) throws ExecutionException, InterruptedException, TimeoutException {
        return asked.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(2));
    }
}
