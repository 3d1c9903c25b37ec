package dev.annals.operations.backup;

import dev.annals.engine.reacting.ProcessTopology;
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
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Topic with the streams of an aggregate type or of a process: its events or its journals, as the brokers know it.
 * Every wait has a limit.
 *
 * @param owner the aggregate type or the process
 * @param specs the topics that its services have, with this one, as they are made by some settings
 * @param group the consumer group of the services that write it
 */
record StreamTopic(
        KafkaAccess kafka,
        Broker broker,
        String owner,
        String name,
        Function<TopicSettings, List<TopicSpec>> specs,
        String group) {

    /** More than a broker lets the transaction of a client that is gone stay open. */
    private static final Duration VISIBLE_LIMIT = Duration.ofSeconds(90);

    private static final Duration PAUSE = Duration.ofMillis(20);

    static StreamTopic ofEvents(KafkaAccess kafka, Broker broker, String type) {
        return new StreamTopic(
                kafka,
                broker,
                type,
                kafka.topics().events(type),
                settings -> TopicSpec.ofAggregate(kafka.topics(), settings, type),
                kafka.topics().commandGroup(type));
    }

    static StreamTopic ofJournals(KafkaAccess kafka, Broker broker, String process) {
        return new StreamTopic(
                kafka,
                broker,
                process,
                kafka.topics().journal(process),
                settings -> Stream.concat(
                                Stream.of(TopicSpec.catalog(kafka.topics())),
                                TopicSpec.ofProcess(kafka.topics(), settings, process).stream())
                        .toList(),
                kafka.topics().prefix() + ProcessTopology.applicationId(process));
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
     * Makes the topics that are missing, as its services would; they can be written to at once.
     *
     * @throws OperationFailedException if the cluster breaks a rule of the services, or refuses
     */
    void create(TopicSettings settings) {
        try {
            new TopicProvisioner(kafka.serviceConfig(settings)).ensure(specs.apply(settings));
        } catch (StartupException e) {
            throw new OperationFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Whether nothing was ever written to it, not even the marker of a transaction. */
    boolean isEmpty(int partitions) {
        return ends(partitions, IsolationLevel.READ_UNCOMMITTED).values().stream()
                .allMatch(end -> end == 0);
    }

    /** Of the topic, which must be there. */
    List<TopicPartition> partitions() {
        return partitions(Objects.requireNonNull(existing()).partitions().size());
    }

    private List<TopicPartition> partitions(int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(name(), partition))
                .toList();
    }

    private Map<TopicPartition, Long> ends(int partitions, IsolationLevel isolation) {
        return broker.offsets(partitions(partitions), OffsetSpec.latest(), isolation);
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

    /** The services that write it now. */
    List<String> writers() {
        return broker.members(group()).stream()
                .map(member -> member.clientId() + " at " + member.host())
                .toList();
    }
}
