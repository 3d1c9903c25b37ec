package dev.annals.cli.backup;

import dev.annals.cli.client.CommandFailureException;
import dev.annals.cli.kafka.BrokerAnswers;
import dev.annals.cli.kafka.KafkaAccess;
import dev.annals.engine.kafka.NewTopics;
import dev.annals.engine.kafka.Topics;
import dev.annals.service.kafka.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/** What the brokers know of an installation's topics and groups. Every wait has a limit. */
final class Cluster implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** More than a broker lets the transaction of a client that is gone stay open. */
    private static final Duration VISIBLE_LIMIT = Duration.ofSeconds(90);

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final KafkaAccess kafka;
    private final Admin admin;
    private final BrokerAnswers answers;

    Cluster(KafkaAccess kafka) {
        this.kafka = kafka;
        this.admin = kafka.newAdmin(LIMIT);
        this.answers = new BrokerAnswers(kafka, LIMIT);
    }

    /** A topic that is there. */
    record Topic(String id, int partitions) {}

    /** The event topic of a type; null if there is none. */
    @Nullable
    Topic events(String type) {
        String topic = kafka.topics().events(type);
        if (!answers.of(admin.listTopics().names()).contains(topic)) {
            return null;
        }
        TopicDescription description = Objects.requireNonNull(
                answers.of(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic));
        return new Topic(
                description.topicId().toString(), description.partitions().size());
    }

    /** Makes the topics of a type that are missing, as its services would; they can be written to at once. */
    void create(String type, int partitions) {
        Topics topics = kafka.topics();
        Set<String> there = answers.of(admin.listTopics().names());
        List<NewTopic> missing = TopicSpec.ofAggregate(topics, type).stream()
                .filter(spec -> !there.contains(spec.name()))
                .map(spec ->
                        new NewTopic(spec.name(), Optional.of(partitions), Optional.empty()).configs(spec.config()))
                .toList();
        answers.of(admin.createTopics(missing).all());
        answers.asked(() -> {
            NewTopics.awaitLeaders(admin, missing, LIMIT);
            return missing;
        });
    }

    /** How many offsets the event topic of a type has taken up, markers of transactions among them. */
    long offsets(String type, int partitions) {
        return ends(type, partitions, IsolationLevel.READ_UNCOMMITTED).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private Map<TopicPartition, Long> ends(String type, int partitions, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            latest.put(new TopicPartition(kafka.topics().events(type), partition), OffsetSpec.latest());
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        answers.of(admin.listOffsets(latest, new ListOffsetsOptions(isolation)).all())
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /**
     * Waits until readers of what is committed see all that is written: a transaction has been committed a moment before its markers
     * stand in all partitions.
     *
     * @throws CommandFailureException if a transaction is still open after {@link #VISIBLE_LIMIT}
     */
    void awaitVisible(String type, int partitions) {
        long deadline = System.nanoTime() + VISIBLE_LIMIT.toNanos();
        while (!ends(type, partitions, IsolationLevel.READ_COMMITTED)
                .equals(ends(type, partitions, IsolationLevel.READ_UNCOMMITTED))) {
            if (System.nanoTime() > deadline) {
                throw new CommandFailureException(
                        "a transaction on %s is still open after %d s: who else writes there?"
                                .formatted(kafka.topics().events(type), VISIBLE_LIMIT.toSeconds()),
                        null);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Who is in a group now. */
    List<String> members(String group) {
        try {
            List<String> hosts = new ArrayList<>();
            Objects.requireNonNull(answers.orFailed(
                                    admin.describeConsumerGroups(List.of(group)).all())
                            .get(group))
                    .members()
                    .forEach(member -> hosts.add(member.clientId() + " at " + member.host()));
            return hosts;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return List.of();
            }
            throw answers.none(e);
        }
    }

    /** What is committed for a partition by a group; null if nothing is. */
    @Nullable
    OffsetAndMetadata committed(String group, TopicPartition partition) {
        try {
            return answers.orFailed(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .get(partition);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return null;
            }
            throw answers.none(e);
        }
    }

    @Override
    public void close() {
        admin.close(LIMIT);
    }
}
