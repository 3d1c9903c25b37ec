package dev.annals.projector;

import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.projector.views.GroupOffsets;
import dev.annals.projector.views.ProjectedViews;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * How many records each generation is behind: what has been committed to the topics that it reads, less what it has
 * committed of them. It counts offsets, and so also transaction markers and what compaction has removed.
 */
record ViewLags(ProjectedViews views, GroupOffsets offsets) {

    /**
     * The lag of each generation, by its consumer group.
     *
     * @throws ExecutionException if Kafka does not answer within {@link GroupOffsets#LIMIT}
     */
    Map<String, Long> of(List<Generation> generations) throws ExecutionException, InterruptedException {
        Map<String, Set<TopicPartition>> read = new HashMap<>();
        for (Generation each : generations) {
            read.put(views.group(each.view()), offsets.partitions(sources(each)));
        }
        Set<String> groups = new HashSet<>(read.keySet());
        read.keySet().forEach(group -> groups.add(ViewTopology.builders(group)));
        Map<String, Map<TopicPartition, Long>> committed = offsets.committed(groups);
        Map<TopicPartition, Long> ends = offsets.ends(
                read.values().stream().flatMap(Set::stream).collect(Collectors.toSet()), IsolationLevel.READ_COMMITTED);
        Map<String, Long> lags = new HashMap<>();
        read.forEach((group, partitions) -> lags.put(group, lag(partitions, next(group, committed), ends)));
        return lags;
    }

    /** While a generation is built in memory its own group has no offsets, but that of its builders has. */
    private static Map<TopicPartition, Long> next(String group, Map<String, Map<TopicPartition, Long>> committed) {
        Map<TopicPartition, Long> own = committed.getOrDefault(group, Map.of());
        return own.isEmpty() ? committed.getOrDefault(ViewTopology.builders(group), Map.of()) : own;
    }

    /** All topics that a generation reads, its own between two steps among them. */
    private Set<String> sources(Generation generation) {
        Set<String> sources = new HashSet<>();
        sources.add(ViewTopology.partsTopic(views.group(generation.view())));
        sources.addAll(views.eventsTopics(generation.view().name()));
        return sources;
    }

    private static long lag(
            Set<TopicPartition> partitions, Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends) {
        long lag = 0;
        for (TopicPartition partition : partitions) {
            lag += Math.max(0, ends.getOrDefault(partition, 0L) - committed.getOrDefault(partition, 0L));
        }
        return lag;
    }
}
