package dev.annals.operations.backup;

import dev.annals.engine.deciding.CommandTopology;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.service.StartupException;
import dev.annals.service.TopicSettings;
import dev.annals.service.kafka.TopicProvisioner;
import dev.annals.service.kafka.TopicSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Event topic of one aggregate type, as the brokers know it. Every wait has a limit. */
record EventTopic(KafkaAccess kafka, Broker broker, String type) {

    /** More than a broker lets the transaction of a client that is gone stay open. */
    private static final Duration VISIBLE_LIMIT = Duration.ofSeconds(90);

    private static final Duration PAUSE = Duration.ofMillis(20);

    String name() {
        return kafka.topics().events(type);
    }

    /** The topic; null if there is none. Another one of its name has another id. */
    @Nullable
    TopicDescription existing() {
        return broker.topics().contains(name())
                ? broker.answer(broker.admin().describeTopics(List.of(name())).allTopicNames())
                        .get(name())
                : null;
    }

    /**
     * Makes the topics of the type that are missing, as its services would; they can be written to at once.
     *
     * @throws OperationFailedException if the cluster breaks a rule of the services, or refuses
     */
    void create(TopicSettings settings) {
        try {
            new TopicProvisioner(kafka.serviceConfig(settings))
                    .ensure(TopicSpec.ofAggregate(kafka.topics(), settings, type));
        } catch (StartupException e) {
            throw new OperationFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Whether nothing was ever written to it, not even the marker of a transaction. */
    boolean isEmpty(int partitions) {
        return ends(partitions, IsolationLevel.READ_UNCOMMITTED).values().stream()
                .allMatch(end -> end == 0);
    }

    private Map<TopicPartition, Long> ends(int partitions, IsolationLevel isolation) {
        return broker.offsets(
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(name(), partition))
                        .toList(),
                OffsetSpec.latest(),
                isolation);
    }

    /**
     * Waits until readers of what is committed see all that is written: a transaction has been committed a moment
     * before its markers stand in all partitions.
     *
     * @throws OperationFailedException if a transaction is still open after {@link #VISIBLE_LIMIT}
     */
    void awaitVisible(int partitions) {
        long deadline = System.nanoTime() + VISIBLE_LIMIT.toNanos();
        while (!ends(partitions, IsolationLevel.READ_COMMITTED)
                .equals(ends(partitions, IsolationLevel.READ_UNCOMMITTED))) {
            if (System.nanoTime() > deadline) {
                throw new OperationFailedException(
                        "a transaction on %s is still open after %d s: who else writes there?"
                                .formatted(name(), VISIBLE_LIMIT.toSeconds()));
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** The command services that decide the type now. */
    List<String> deciders() {
        return broker.members(kafka.topics().prefix() + CommandTopology.application(type)).stream()
                .map(member -> member.clientId() + " at " + member.host())
                .toList();
    }
}
