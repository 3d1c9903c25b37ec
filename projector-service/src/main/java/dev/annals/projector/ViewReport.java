package dev.annals.projector;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Generation.Status;
import dev.annals.engine.viewregistry.Generations;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.projector.views.GroupOffsets;
import dev.annals.projector.views.ProjectedViews;
import dev.annals.service.http.ProblemException;
import dev.annals.service.kafka.KafkaWatch;
import dev.annals.service.kafka.StreamsHost;
import dev.annals.service.views.ViewRegistry;
import io.javalin.http.Context;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/views}: what each generation of each view does and how far it is behind. */
record ViewReport(ProjectedViews views, StreamsHost host, ViewRegistry registry, GroupOffsets offsets) {

    /** Of a generation that no release here can fold, or that is folded no more. */
    private static final String NOT_FOLDED = "NOT_FOLDED";

    /**
     * @param generation its number, the last part of its topic's name
     * @param status what it is for, such as {@code live} or {@code building}
     * @param state of its Streams application; {@code RUNNING} is good, {@code STOPPED} needs a person
     * @param lag in records
     * @param stopped where and why, as {@link Stop#details()} has it
     */
    record ViewStatus(
            String name,
            int generation,
            String aggregateType,
            String status,
            String state,
            @Nullable Long lag,
            @Nullable ObjectNode stopped) {}

    void answer(Context ctx) {
        Generations all = registry.generations();
        List<Generation> shown = all.all().stream()
                .filter(each -> views.get(each.view().name()) != null)
                .filter(each -> each.status() != Status.REMOVED && each.status() != Status.GONE)
                .toList();
        Map<String, Long> lagByGroup = lagByGroup(shown);
        ctx.json(Map.of(
                "views", shown.stream().map(each -> status(each, lagByGroup)).toList()));
    }

    private ViewStatus status(Generation generation, Map<String, Long> lagByGroup) {
        Stop stop = registry.stop(generation.view());
        String name = generation.view().toString();
        return new ViewStatus(
                generation.view().name(),
                generation.view().generation(),
                Objects.requireNonNull(views.get(generation.view().name())).aggregateType(),
                generation.statusName(),
                host.names().contains(name) ? host.state(name) : NOT_FOLDED,
                lagByGroup.get(views.group(generation.view())),
                stop == null ? null : stop.details());
    }

    private Map<String, Long> lagByGroup(List<Generation> generations) {
        try {
            return lags(generations);
        } catch (ExecutionException e) {
            throw ProblemException.of(
                            503, "kafka-unavailable", "the lag of views is unknown now: " + KafkaWatch.reason(e))
                    .withHeader("Retry-After", "1");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.of(503, "stopping", "the service is stopping");
        }
    }

    /**
     * How many records each generation is behind, by its consumer group: what has been committed to the topics that it
     * reads, less what it has committed of them. It counts offsets, and so also transaction markers and what compaction
     * has removed.
     */
    private Map<String, Long> lags(List<Generation> generations) throws ExecutionException, InterruptedException {
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
