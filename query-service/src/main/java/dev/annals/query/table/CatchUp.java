package dev.annals.query.table;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what partitions have to reach before they may be read, and how far they are from the end. */
final class CatchUp {

    /** For one answer of a broker. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final ListOffsetsOptions COMMITTED = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);

    private final Admin admin;
    private final String groupPrefix;

    /** @param groupPrefix the installation's, put before the application id by {@code StreamsDefaults} */
    CatchUp(Admin admin, String groupPrefix) {
        this.admin = admin;
        this.groupPrefix = groupPrefix;
    }

    /** Asks for the ends of partitions that have just come. What fails is asked again at the next call. */
    void check(TopicTable table) {
        List<Integer> fresh = table.progress().withoutTarget();
        if (!fresh.isEmpty()) {
            try {
                findTargets(table, fresh);
            } catch (ExecutionException | TimeoutException e) {
                LOG.atWarn().addKeyValue("table", table.name()).setCause(e).log("ends of partitions unknown");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        table.progress().check();
    }

    private void findTargets(TopicTable table, List<Integer> fresh)
            throws ExecutionException, InterruptedException, TimeoutException {
        // The start of a partition without data counts as reached, whatever was committed.
        Map<Integer, Long> starts = offsets(table, fresh, OffsetSpec.earliest());
        Map<Integer, Long> ends = offsets(table, fresh, OffsetSpec.latest());
        Map<TopicPartition, OffsetAndMetadata> committed =
                within(admin.listConsumerGroupOffsets(groupPrefix + table.applicationId())
                        .partitionsToOffsetAndMetadata());
        for (int partition : fresh) {
            OffsetAndMetadata from = committed.get(new TopicPartition(table.topic(), partition));
            long start = starts.getOrDefault(partition, 0L);
            table.progress()
                    .target(
                            partition,
                            from == null ? start : Math.max(start, from.offset()),
                            ends.getOrDefault(partition, 0L));
        }
    }

    /** Committed ends of the partitions on this instance. */
    Map<Integer, Long> ends(TopicTable table) {
        try {
            return offsets(table, table.progress().here(), OffsetSpec.latest());
        } catch (ExecutionException | TimeoutException e) {
            throw new TableUnavailableException("the ends of %s are unknown now".formatted(table.name()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TableUnavailableException("interrupted", e);
        }
    }

    /** How much of a topic a consumer group has not committed yet, over all partitions. */
    long behind(String group, TopicTable table) {
        try {
            List<Integer> all = IntStream.range(0, table.partitions()).boxed().toList();
            Map<Integer, Long> ends = offsets(table, all, OffsetSpec.latest());
            Map<TopicPartition, OffsetAndMetadata> committed =
                    within(admin.listConsumerGroupOffsets(groupPrefix + group).partitionsToOffsetAndMetadata());
            long behind = 0;
            for (int partition : all) {
                OffsetAndMetadata done = committed.get(new TopicPartition(table.topic(), partition));
                behind += Math.max(0, ends.getOrDefault(partition, 0L) - (done == null ? 0 : done.offset()));
            }
            return behind;
        } catch (ExecutionException | TimeoutException e) {
            throw new TableUnavailableException("how far %s is behind is unknown now".formatted(group), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TableUnavailableException("interrupted", e);
        }
    }

    private Map<Integer, Long> offsets(TopicTable table, List<Integer> partitions, OffsetSpec spec)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(new TopicPartition(table.topic(), partition), spec));
        Map<Integer, Long> offsets = new HashMap<>();
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> each :
                within(admin.listOffsets(asked, COMMITTED).all()).entrySet()) {
            offsets.put(each.getKey().partition(), each.getValue().offset());
        }
        return offsets;
    }

    private static <T> T within(KafkaFuture<T> future)
            throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
