package dev.annals.projector;

import dev.annals.projector.ProjectedViews.ProjectedView;
import dev.annals.service.ServiceConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * How many records each view is behind: what has been committed to the topics that it reads, less what it has committed of
 * them. It counts offsets, and so also transaction markers and what compaction has removed. Thread-safe.
 */
final class ViewLags implements AutoCloseable {

    /** For an answer about all views. */
    static final Duration LIMIT = Duration.ofSeconds(3);

    private final Admin admin;

    ViewLags(ServiceConfig config) {
        Map<String, Object> settings = new LinkedHashMap<>(config.kafka());
        settings.keySet().retainAll(AdminClientConfig.configNames());
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis());
        this.admin = Admin.create(settings);
    }

    /**
     * The lag of each view, by its consumer group.
     *
     * @throws ExecutionException if Kafka does not answer within {@link #LIMIT}
     */
    Map<String, Long> of(ProjectedViews views) throws ExecutionException, InterruptedException {
        Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = committed(views);
        Map<String, Set<TopicPartition>> read = new HashMap<>();
        Map<String, Set<TopicPartition>> events = partitions(views);
        for (ProjectedView view : views.all()) {
            Set<TopicPartition> partitions = new HashSet<>(events.getOrDefault(view.eventsTopic(), Set.of()));
            partitions.addAll(committed.getOrDefault(view.group(), Map.of()).keySet());
            read.put(view.group(), partitions);
        }
        Map<TopicPartition, Long> ends =
                ends(read.values().stream().flatMap(Set::stream).collect(Collectors.toSet()));
        Map<String, Long> lags = new HashMap<>();
        read.forEach((group, partitions) ->
                lags.put(group, lag(partitions, committed.getOrDefault(group, Map.of()), ends)));
        return lags;
    }

    private static long lag(
            Set<TopicPartition> partitions,
            Map<TopicPartition, OffsetAndMetadata> committed,
            Map<TopicPartition, Long> ends) {
        long lag = 0;
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            lag += Math.max(0, ends.getOrDefault(partition, 0L) - (offset == null ? 0 : offset.offset()));
        }
        return lag;
    }

    private Map<String, Map<TopicPartition, OffsetAndMetadata>> committed(ProjectedViews views)
            throws ExecutionException, InterruptedException {
        Map<String, ListConsumerGroupOffsetsSpec> groups = views.all().stream()
                .collect(Collectors.toMap(ProjectedView::group, view -> new ListConsumerGroupOffsetsSpec()));
        return admin.listConsumerGroupOffsets(groups).all().get();
    }

    private Map<String, Set<TopicPartition>> partitions(ProjectedViews views)
            throws ExecutionException, InterruptedException {
        Set<String> topics =
                views.all().stream().map(ProjectedView::eventsTopic).collect(Collectors.toSet());
        Map<String, Set<TopicPartition>> partitions = new HashMap<>();
        admin.describeTopics(topics)
                .allTopicNames()
                .get()
                .forEach((name, topic) -> partitions.put(
                        name,
                        topic.partitions().stream()
                                .map(partition -> new TopicPartition(name, partition.partition()))
                                .collect(Collectors.toSet())));
        return partitions;
    }

    private Map<TopicPartition, Long> ends(Set<TopicPartition> partitions)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        Map<TopicPartition, ListOffsetsResultInfo> found = admin.listOffsets(
                        latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get();
        Map<TopicPartition, Long> ends = new HashMap<>();
        found.forEach((partition, info) -> ends.put(partition, info.offset()));
        return ends;
    }

    @Override
    public void close() {
        admin.close(LIMIT);
    }
}
