package dev.annals.query.table;

import dev.annals.service.kafka.KafkaWatch;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what partitions have to reach before they may be read, and how far they are from the end.
 *
 * @param groupPrefix the installation's, put before the application id by {@code StreamsDefaults}
 */
record CatchUp(Admin admin, String groupPrefix) {

    /** For one answer of a broker. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** What may be read now. */
    private static final ListOffsetsOptions COMMITTED = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);

    /**
     * What has been written, even if its transaction is about to end. A projector's offsets can be seen as committed
     * before the rows of the same transaction can be read; by this they count as missing in between.
     */
    private static final ListOffsetsOptions WRITTEN = new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);

    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);

    /**
     * Asks for the ends of partitions that have just come, or of all where the table has just become readable. What
     * fails is asked again at the next call.
     */
    void check(TopicTable table) {
        if (table.phase() == TopicTable.Phase.HIDDEN) {
            return; // a partition without an end is not read
        }
        check(table, table.progress(), () -> committed(table.applicationId()));
        check(table, table.standbys(), Map::of); // they say themselves where they start
    }

    /** @param restored up to where the stores of partitions were full before anything was read */
    private void check(TopicTable table, Progress progress, Question<Map<TopicPartition, Long>> restored) {
        List<Integer> fresh = progress.withoutTarget();
        if (!fresh.isEmpty()) {
            try {
                findTargets(table, progress, fresh, restored);
            } catch (ExecutionException | TimeoutException e) {
                LOG.atWarn().addKeyValue("table", table.name()).setCause(e).log("ends of partitions unknown");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        progress.check();
    }

    private void findTargets(
            TopicTable table, Progress progress, List<Integer> fresh, Question<Map<TopicPartition, Long>> restored)
            throws ExecutionException, InterruptedException, TimeoutException {
        // The start of a partition without data counts as reached, whatever was committed.
        Map<TopicPartition, Long> starts = offsets(table.partitions(fresh), OffsetSpec.earliest(), COMMITTED);
        // While it opens, nothing may be missing of what was committed with the offsets by which it was found to have
        // caught up.
        ListOffsetsOptions seen = table.phase() == TopicTable.Phase.OPENING ? WRITTEN : COMMITTED;
        Map<TopicPartition, Long> ends = offsets(table.partitions(fresh), OffsetSpec.latest(), seen);
        Map<TopicPartition, Long> full = restored.ask();
        for (TopicPartition partition : table.partitions(fresh)) {
            long start = Math.max(starts.getOrDefault(partition, 0L), full.getOrDefault(partition, 0L));
            progress.target(partition.partition(), start, ends.getOrDefault(partition, 0L));
        }
    }

    private Map<TopicPartition, Long> committed(String group)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, Long> committed = new HashMap<>();
        within(admin.listConsumerGroupOffsets(groupPrefix + group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> committed.put(partition, offset.offset()));
        return committed;
    }

    /** Ends of the partitions on this instance. */
    Map<TopicPartition, Long> ends(TopicTable table) {
        return asked(
                "the ends of " + table.name(),
                () -> offsets(table.partitions(table.progress().here()), OffsetSpec.latest(), WRITTEN));
    }

    /**
     * How many records a consumer group has not committed yet, of a topic and of every other that it has read from,
     * such as its own repartition topics. Ends are asked for after offsets: what a record before the offsets has caused
     * is counted.
     */
    long behind(String group, TopicTable table) {
        return asked("how far %s is behind".formatted(group), () -> {
            Map<TopicPartition, Long> committed = committed(group);
            Set<TopicPartition> read = new HashSet<>(committed.keySet());
            read.addAll(table.partitions(
                    IntStream.range(0, table.partitions()).boxed().toList()));
            long behind = 0;
            for (Map.Entry<TopicPartition, Long> end :
                    offsets(read, OffsetSpec.latest(), WRITTEN).entrySet()) {
                behind += Math.max(0, end.getValue() - committed.getOrDefault(end.getKey(), 0L));
            }
            return behind;
        });
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask() throws ExecutionException, InterruptedException, TimeoutException;
    }

    private static <T> T asked(String what, Question<T> question) {
        try {
            return question.ask();
        } catch (ExecutionException | TimeoutException e) {
            throw new TableUnavailableException("unknown now: %s (%s)".formatted(what, KafkaWatch.reason(e)), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TableUnavailableException("interrupted", e);
        }
    }

    private Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, OffsetSpec spec, ListOffsetsOptions isolation)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, spec));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        within(admin.listOffsets(asked, isolation).all())
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    private static <T> T within(KafkaFuture<T> future)
            throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
