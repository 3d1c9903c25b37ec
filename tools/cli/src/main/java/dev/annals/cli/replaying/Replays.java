package dev.annals.cli.replaying;

import dev.annals.cli.client.CommandFailureException;
import dev.annals.cli.client.Target;
import dev.annals.cli.kafka.BrokerAnswers;
import dev.annals.cli.kafka.KafkaAccess;
import dev.annals.cli.kafka.NoteTopic;
import dev.annals.engine.notes.Generation;
import dev.annals.engine.notes.Generation.Status;
import dev.annals.engine.notes.Generations;
import dev.annals.engine.notes.Stop;
import dev.annals.engine.notes.ViewId;
import dev.annals.engine.notes.ViewNotes;
import dev.annals.engine.projecting.ViewTopology;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The generations of a view, asked for and begun. Projectors do the work and bring a generation to readers, whoever asked for it: so
 * nothing depends on this process. Every wait has a limit; one thread.
 */
final class Replays implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(30);

    private final KafkaAccess kafka;
    private final Target target;
    private final NoteTopic notes;
    private final Admin admin;
    private final BrokerAnswers answers;

    /** How far a generation has read of the events. */
    record Progress(long done, long total) {}

    /** Where a replay begins in a partition, given its first offset and the one after its last. */
    @FunctionalInterface
    interface Start {
        long of(TopicPartition partition, long first, long end);
    }

    Replays(KafkaAccess kafka, Target target) {
        this.kafka = kafka;
        this.target = target;
        this.notes = new NoteTopic(kafka, LIMIT);
        this.admin = kafka.newAdmin(LIMIT);
        this.answers = new BrokerAnswers(kafka, LIMIT);
    }

    ViewNotes notes() {
        return notes.read();
    }

    /**
     * Begins a generation beside the live one, or in its place.
     *
     * @param start null for the first event
     * @param inPlace whether readers do without the view meanwhile
     * @return what is coming: the one that somebody else began, if there is one already
     * @throws CommandFailureException if there is no such view, or nothing of it is live yet
     */
    Generation begin(String view, @Nullable Start start, boolean inPlace) {
        Generations all = notes.read().generations();
        requireView(view, all);
        Generation live = all.live(view);
        Map<TopicPartition, Long> from = start == null || live == null ? Map.of() : from(live, start);
        List<Generation> begun = edited(current -> begun(current.generations(), view, from, inPlace));
        Generation coming = begun.isEmpty() ? notes.read().generations().coming(view) : begun.getFirst();
        if (coming == null) {
            throw new CommandFailureException(
                    "view %s has no live version of which another could be made; what it does says: %s"
                            .formatted(view, target.hint("views")),
                    null);
        }
        return coming;
    }

    private static List<Generation> begun(
            Generations all, String view, Map<TopicPartition, Long> from, boolean inPlace) {
        Generation live = all.live(view);
        if (all.coming(view) != null || live == null) {
            return List.of();
        }
        Instant now = Instant.now();
        List<Generation> changes = new ArrayList<>(List.of(all.next(view, live.code(), from, now)));
        if (inPlace) {
            changes.add(live.now(Status.REMOVED, now));
        }
        return changes;
    }

    /**
     * Gives up what is coming.
     *
     * @return what was given up
     * @throws CommandFailureException if readers would be left without the view
     */
    List<Generation> cancel(String view) {
        Generations all = notes.read().generations();
        requireView(view, all);
        if (all.coming(view) != null && all.live(view) == null) {
            throw new CommandFailureException(
                    "view %s has no live version: without the one that is being built there would be none"
                            .formatted(view),
                    null);
        }
        return edited(current -> current.generations().live(view) == null
                ? List.of()
                : current.generations().cancelled(view, Instant.now()));
    }

    /** Has the generations deleted that were replaced. */
    List<Generation> dropOld(String view) {
        requireView(view, notes.read().generations());
        return edited(current -> current.generations().dropped(view, Instant.now()));
    }

    private List<Generation> edited(Function<ViewNotes, List<Generation>> change) {
        return notes.edit(change::apply).stream().map(Generation.class::cast).toList();
    }

    private static void requireView(String view, Generations all) {
        if (all.of(view).isEmpty()) {
            throw new CommandFailureException(
                    "there is no view %s; there are: %s (is --topics-prefix right, has a projector been started?)"
                            .formatted(
                                    view,
                                    all.all().stream()
                                            .map(each -> each.view().name())
                                            .distinct()
                                            .collect(Collectors.joining(", "))),
                    null);
        }
    }

    private Map<TopicPartition, Long> from(Generation live, Start start) {
        Set<TopicPartition> events = events(live.view());
        Map<TopicPartition, Long> firsts = offsets(events, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = offsets(events, OffsetSpec.latest());
        Map<TopicPartition, Long> from = new HashMap<>();
        for (TopicPartition partition : events) {
            long first = firsts.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, 0L);
            from.put(partition, Math.clamp(start.of(partition, first, end), first, end));
        }
        return from;
    }

    /** The offset of the first event at or after a time, or the end. */
    Start at(Instant time) {
        return (partition, first, end) -> {
            long offset = answers.of(admin.listOffsets(Map.of(partition, OffsetSpec.forTimestamp(time.toEpochMilli())))
                            .partitionResult(partition))
                    .offset();
            return offset < 0 ? end : offset;
        };
    }

    /** What a generation has read of all there is to read now. */
    Progress progress(Generation generation, ViewNotes current) {
        Map<TopicPartition, Long> committed = committed(generation.view());
        Generation live = current.generations().live(generation.view().name());
        Set<TopicPartition> events = events(live == null ? generation.view() : live.view());
        Map<TopicPartition, Long> firsts = offsets(events, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = offsets(events, OffsetSpec.latest());
        long done = 0;
        long total = 0;
        for (TopicPartition partition : events) {
            long first = generation.from().getOrDefault(partition, firsts.getOrDefault(partition, 0L));
            total += ends.getOrDefault(partition, 0L) - first;
            done += Math.max(0, committed.getOrDefault(partition, first) - first);
        }
        return new Progress(done, total);
    }

    /** Where a generation has stopped, if it has. */
    @Nullable
    Stop stop(Generation generation, ViewNotes current) {
        Map<TopicPartition, @Nullable OffsetAndMetadata> committed = answers.of(
                admin.listConsumerGroupOffsets(group(generation.view())).partitionsToOffsetAndMetadata());
        return current.stops().stream()
                .filter(stop -> stop.view().equals(generation.view()) && !stop.isPast(committed))
                .findFirst()
                .orElse(null);
    }

    /** The partitions of events that a view has read from. */
    private Set<TopicPartition> events(ViewId view) {
        String internal = group(view) + "-";
        return committed(view).keySet().stream()
                .filter(partition -> !partition.topic().startsWith(internal))
                .collect(Collectors.toSet());
    }

    /** While a generation is built in memory its own group has no offsets, but that of its builders has. */
    private Map<TopicPartition, Long> committed(ViewId view) {
        Map<TopicPartition, Long> committed = committed(group(view));
        return committed.isEmpty() ? committed(ViewTopology.builders(group(view))) : committed;
    }

    private Map<TopicPartition, Long> committed(String group) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        answers.of(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        committed.put(partition, offset.offset());
                    }
                });
        return committed;
    }

    private String group(ViewId view) {
        return kafka.topics().prefix() + ViewTopology.applicationId(view);
    }

    private Map<TopicPartition, Long> offsets(Set<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        answers.of(admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), each -> spec)))
                        .all())
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    @Override
    public void close() {
        admin.close(LIMIT);
    }
}
