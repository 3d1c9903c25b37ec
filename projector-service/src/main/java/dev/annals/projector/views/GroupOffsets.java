package dev.annals.projector.views;

import dev.annals.engine.kafka.KafkaClients;
import dev.annals.service.ServiceConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Consumer groups, partitions and their offsets, as the brokers have them. Every question is answered within
 * {@link #LIMIT}, or else an {@link ExecutionException}. Thread-safe.
 */
public final class GroupOffsets implements AutoCloseable {

    /** Of one question to the brokers. */
    public static final Duration LIMIT = Duration.ofSeconds(3);

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaClients clients;
    private final Admin admin;

    public GroupOffsets(ServiceConfig config) {
        this.clients = new KafkaClients(config.kafka(), LIMIT);
        this.admin = clients.admin();
    }

    /** The next offsets of each group, where it has committed any. */
    public Map<String, Map<TopicPartition, Long>> committed(Collection<String> groups)
            throws ExecutionException, InterruptedException {
        return next(commits(groups, new ListConsumerGroupOffsetsOptions()));
    }

    /**
     * The next offsets of a group that stands still. While a commit of its last transaction is still on its way to its
     * offsets, the brokers are asked again: readers may have the rows of that transaction already.
     *
     * @throws ExecutionException also if it is still on its way after {@link #LIMIT}
     */
    public Map<TopicPartition, Long> committedForGood(String group) throws ExecutionException, InterruptedException {
        return next(commits(Set.of(group), new ListConsumerGroupOffsetsOptions().requireStable(true)))
                .getOrDefault(group, Map.of());
    }

    private static Map<String, Map<TopicPartition, Long>> next(
            Map<String, Map<TopicPartition, OffsetAndMetadata>> commits) {
        Map<String, Map<TopicPartition, Long>> next = new HashMap<>();
        commits.forEach((group, each) -> {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            each.forEach((partition, commit) -> offsets.put(partition, commit.offset()));
            next.put(group, offsets);
        });
        return next;
    }

    public Map<TopicPartition, OffsetAndMetadata> commits(String group)
            throws ExecutionException, InterruptedException {
        return commits(Set.of(group), new ListConsumerGroupOffsetsOptions()).getOrDefault(group, Map.of());
    }

    public boolean hasBegun(String group) throws ExecutionException, InterruptedException {
        return !commits(group).isEmpty();
    }

    private Map<String, Map<TopicPartition, OffsetAndMetadata>> commits(
            Collection<String> groups, ListConsumerGroupOffsetsOptions options)
            throws ExecutionException, InterruptedException {
        Map<String, ListConsumerGroupOffsetsSpec> asked = groups.stream()
                .distinct()
                .collect(Collectors.toMap(Function.identity(), group -> new ListConsumerGroupOffsetsSpec()));
        Map<String, Map<TopicPartition, OffsetAndMetadata>> commits = new HashMap<>(
                admin.listConsumerGroupOffsets(asked, options).all().get());
        commits.values().forEach(each -> each.values().removeIf(Objects::isNull));
        return commits;
    }

    /** The partitions of those of the topics that exist. */
    public Set<TopicPartition> partitions(Collection<String> topics) throws ExecutionException, InterruptedException {
        Set<TopicPartition> partitions = new LinkedHashSet<>();
        for (KafkaFuture<TopicDescription> each :
                admin.describeTopics(topics).topicNameValues().values()) {
            TopicDescription topic = unless(UnknownTopicOrPartitionException.class, each);
            if (topic != null) {
                topic.partitions()
                        .forEach(partition -> partitions.add(new TopicPartition(topic.name(), partition.partition())));
            }
        }
        return partitions;
    }

    /** The answer; null if it was this refusal, which doesn't matter. */
    private static <T> @Nullable T unless(Class<? extends ApiException> refusal, KafkaFuture<T> answer)
            throws ExecutionException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (refusal.isInstance(e.getCause())) {
                return null;
            }
            throw e;
        }
    }

    /** What is next to be written, or to become readable. */
    public Map<TopicPartition, Long> ends(Set<TopicPartition> partitions, IsolationLevel isolation)
            throws ExecutionException, InterruptedException {
        return offsets(partitions, OffsetSpec.latest(), isolation);
    }

    /** What is oldest. */
    public Map<TopicPartition, Long> starts(Set<TopicPartition> partitions)
            throws ExecutionException, InterruptedException {
        return offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_COMMITTED);
    }

    /** The ends of those partitions that hold anything. */
    public Map<TopicPartition, Long> endsOfFilled(Set<TopicPartition> partitions, IsolationLevel isolation)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> starts = starts(partitions);
        Map<TopicPartition, Long> ends = new HashMap<>(ends(partitions, isolation));
        ends.entrySet().removeIf(end -> end.getValue() <= starts.getOrDefault(end.getKey(), 0L));
        return ends;
    }

    private Map<TopicPartition, Long> offsets(Set<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked =
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> spec));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listOffsets(asked, new ListOffsetsOptions(isolation))
                .all()
                .get()
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    /**
     * Whether a partition has any committed record between two offsets, as far as can be read within {@link #LIMIT};
     * what can't, counts as one.
     */
    public boolean hasRecords(TopicPartition partition, long from, long to) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try (Consumer<byte[], byte[]> consumer = clients.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            long start = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
            consumer.seek(partition, Math.max(from, start));
            while (consumer.position(partition) < to) {
                if (!consumer.poll(POLL).isEmpty() || System.nanoTime() > deadline) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Whether somebody is in a group, and may still commit. */
    public boolean hasMembers(String group) throws ExecutionException, InterruptedException {
        Map<String, ConsumerGroupDescription> found = unless(
                GroupIdNotFoundException.class,
                admin.describeConsumerGroups(List.of(group)).all());
        return found != null
                && found.values().stream().anyMatch(each -> !each.members().isEmpty());
    }

    /** Has a group begin in the middle, where it has neither offsets nor members; another instance may do the same. */
    public void beginAt(String group, Map<TopicPartition, Long> from) throws ExecutionException, InterruptedException {
        if (from.isEmpty() || hasMembers(group) || hasBegun(group)) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        from.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        // One that did it before us may have joined.
        unless(
                UnknownMemberIdException.class,
                admin.alterConsumerGroupOffsets(group, offsets).all());
    }

    public Set<String> topics() throws ExecutionException, InterruptedException {
        return admin.listTopics().names().get();
    }

    /** Deletes topics; those that are gone already don't matter. */
    public void deleteTopics(Collection<String> names) throws ExecutionException, InterruptedException {
        for (KafkaFuture<Void> each :
                admin.deleteTopics(names).topicNameValues().values()) {
            unless(UnknownTopicOrPartitionException.class, each);
        }
    }

    /** Deletes a group that has no members; one that is gone already doesn't matter. */
    public void deleteGroup(String group) throws ExecutionException, InterruptedException {
        unless(
                GroupIdNotFoundException.class,
                admin.deleteConsumerGroups(List.of(group)).all());
    }

    @Override
    public void close() {
        admin.close(LIMIT);
    }
}
