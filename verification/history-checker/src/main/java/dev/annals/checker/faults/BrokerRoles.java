package dev.annals.checker.faults;

import dev.annals.embedded.BrokerProcess;
import dev.annals.service.ServiceConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Which broker does what at the moment. Every question has a limit. */
final class BrokerRoles implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final String TRANSACTIONS = "__transaction_state";
    private static final String GROUPS = "__consumer_offsets";

    private final Admin admin;

    BrokerRoles(ServiceConfig config) {
        this(config.bootstrapServers());
    }

    /** As this one knows it, as long as its client has asked no other. */
    BrokerRoles(BrokerProcess broker) {
        this(broker.bootstrapServers());
    }

    private BrokerRoles(String bootstrapServers) {
        this.admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                3_000,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) LIMIT.toMillis()));
    }

    /** For people: the broker and what it does. */
    String describe(int broker) throws ExecutionException, TimeoutException, InterruptedException {
        Map<String, TopicDescription> topics = topics();
        List<String> roles = new ArrayList<>();
        if (controller() == broker) {
            roles.add("active controller");
        }
        roles.add("leads "
                + led(topics, broker).stream()
                        .filter(each ->
                                each.startsWith("accounts.") || each.startsWith("orders.") || each.startsWith("seats."))
                        .count()
                + " partitions of ours");
        roles.add("coordinates %d transactional ids and %d groups"
                .formatted(
                        coordinated(topics.get(TRANSACTIONS), transactionalIds(), broker),
                        coordinated(topics.get(GROUPS), groups(), broker)));
        return "broker %d (%s)".formatted(broker, String.join(", ", roles));
    }

    /** The id of the active controller's broker. */
    int controller() throws ExecutionException, TimeoutException, InterruptedException {
        return get(admin.describeMetadataQuorum().quorumInfo()).leaderId();
    }

    /** Whether the active controller is one of these; false also where nobody answers. */
    boolean hasController(List<Integer> brokers) {
        try {
            return brokers.contains(controller());
        } catch (ExecutionException | TimeoutException notNow) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether each partition has all its replicas in sync; false also where nobody answers. */
    boolean areAllInSync() {
        try {
            return topics().values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(each -> each.isr().size() == each.replicas().size());
        } catch (ExecutionException | TimeoutException notNow) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether no partition has more than one replica in sync; false also where nobody answers. */
    boolean isAlone() {
        try {
            return topics().values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(each -> each.isr().size() <= 1);
        } catch (ExecutionException | TimeoutException notNow) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Map<String, TopicDescription> topics() throws ExecutionException, TimeoutException, InterruptedException {
        Set<String> names =
                get(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
        return get(admin.describeTopics(names).allTopicNames());
    }

    private static List<String> led(Map<String, TopicDescription> topics, int broker) {
        return topics.values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .filter(each -> leads(each, broker))
                        .map(each -> topic.name() + "-" + each.partition()))
                .toList();
    }

    private static boolean leads(TopicPartitionInfo partition, int broker) {
        return partition.leader() != null && partition.leader().id() == broker;
    }

    /** As coordinators share ids: by the partition of their topic whose leader they are. */
    private static long coordinated(@Nullable TopicDescription topic, Collection<String> ids, int broker) {
        if (topic == null) {
            return 0; // nobody has needed one yet
        }
        List<TopicPartitionInfo> partitions = topic.partitions();
        return ids.stream()
                .filter(id -> leads(partitions.get(Utils.abs(id.hashCode()) % partitions.size()), broker))
                .count();
    }

    private List<String> transactionalIds() throws ExecutionException, TimeoutException, InterruptedException {
        return get(admin.listTransactions().all()).stream()
                .map(TransactionListing::transactionalId)
                .toList();
    }

    private Set<String> groups() throws ExecutionException, TimeoutException, InterruptedException {
        return get(admin.listGroups().all()).stream().map(GroupListing::groupId).collect(Collectors.toSet());
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(2));
    }
}
