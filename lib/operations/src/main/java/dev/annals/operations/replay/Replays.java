package dev.annals.operations.replay;

import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Generation.Status;
import dev.annals.engine.viewregistry.Generations;
import dev.annals.engine.viewregistry.RegistryState;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.ProgressListener;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Replays: generations of a view, asked for, watched and given up. Projectors build a generation and bring it to
 * readers, whoever asked for it: so nothing depends on this process. For one thread; holds a client until it is closed.
 */
public final class Replays implements AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final KafkaAccess kafka;
    private final Broker broker;

    /** Where a replay begins in each partition of the events. */
    public sealed interface Start {

        /** With the first event. */
        record First() implements Start {}

        /** With this offset in each partition: rows hold nothing older. */
        record Offset(long offset) implements Start {}

        /** With the events since then: rows hold nothing older. */
        record Time(Instant time) implements Start {}
    }

    /** How a replay that was watched ended. */
    public sealed interface Watched {

        /** Readers have the generation, as it is now. */
        record Live(Generation generation) implements Watched {}

        /** Somebody has given it up. */
        record Cancelled() implements Watched {}

        /** It goes on; the limit of watching is over. */
        record Unfinished() implements Watched {}
    }

    /** Listener to a replay that is watched. Progress is in events; the task is the view with its generation. */
    public interface Watcher extends ProgressListener {

        /** So long without any progress is told. */
        Duration IDLE = Duration.ofSeconds(20);

        /** The generation has stopped at a record, and tries it again by itself; once for each record. */
        void stopped(Stop stop);

        /** Nothing has moved for {@link #IDLE}; once. */
        void idle();
    }

    public Replays(KafkaAccess kafka) {
        this.kafka = kafka;
        this.broker = new Broker(kafka);
    }

    /**
     * Begins a generation beside the live one, or in its place.
     *
     * @param inPlace whether readers do without the view meanwhile
     * @return what is coming: the one that somebody else began, if there is one already; null if no generation is live
     *     of which another could be made
     * @throws OperationFailedException if there is no such view
     */
    public @Nullable Generation begin(String view, Start start, boolean inPlace) {
        Generation live = existing(view).live(view);
        Map<TopicPartition, Long> from = live == null ? Map.of() : from(live, start);
        List<Generation> begun = edited(current -> begun(current, view, from, inPlace));
        return begun.isEmpty() ? broker.notes().generations().coming(view) : begun.getFirst();
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
     * @throws OperationFailedException if there is no such view, or readers would be left without it
     */
    public List<Generation> cancel(String view) {
        Generations all = existing(view);
        if (all.coming(view) != null && all.live(view) == null) {
            throw new OperationFailedException(
                    "view %s has no live generation: without the one that is being built there would be none"
                            .formatted(view));
        }
        return edited(current -> current.live(view) == null ? List.of() : current.cancelled(view, Instant.now()));
    }

    /**
     * Has the generations deleted that were replaced.
     *
     * @return them
     * @throws OperationFailedException if there is no such view
     */
    public List<Generation> dropOld(String view) {
        existing(view);
        return edited(current -> current.dropped(view, Instant.now()));
    }

    private List<Generation> edited(Function<Generations, List<Generation>> change) {
        return broker.edit(notes -> change.apply(notes.generations())).stream()
                .map(Generation.class::cast)
                .toList();
    }

    /** All generations, those of the view among them. */
    private Generations existing(String view) {
        Generations all = broker.notes().generations();
        if (all.of(view).isEmpty()) {
            throw new OperationFailedException(
                    "there is no view %s; there are: %s (is the prefix of topics right, has a projector been started?)"
                            .formatted(
                                    view,
                                    all.all().stream()
                                            .map(each -> each.view().name())
                                            .distinct()
                                            .collect(Collectors.joining(", "))));
        }
        return all;
    }

    private Map<TopicPartition, Long> from(Generation live, Start start) {
        if (start instanceof Start.First) {
            return Map.of();
        }
        Set<TopicPartition> events = events(live.view());
        Map<TopicPartition, Long> firsts = broker.offsets(events, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = broker.offsets(events, OffsetSpec.latest());
        Map<TopicPartition, Long> times = start instanceof Start.Time at
                ? broker.offsets(events, OffsetSpec.forTimestamp(at.time().toEpochMilli()))
                : Map.of();
        Map<TopicPartition, Long> from = new HashMap<>();
        for (TopicPartition partition : events) {
            long first = firsts.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, 0L);
            long wanted = start instanceof Start.Offset at ? at.offset() : times.getOrDefault(partition, -1L);
            from.put(partition, wanted < 0 ? end : Math.clamp(wanted, first, end)); // -1: no event is so young
        }
        return from;
    }

    /**
     * Looks on until readers have a generation. To stop looking changes nothing.
     *
     * @param limit of looking on
     * @param watcher is told meanwhile, on this thread
     */
    public Watched watch(Generation awaited, Duration limit, Watcher watcher) {
        Watch watch = new Watch(watcher);
        long start = System.nanoTime();
        while (true) {
            RegistryState notes = broker.notes();
            Generation now = notes.generations().get(awaited.view());
            if (now == null || now.status() == Status.REMOVED || now.status() == Status.GONE) {
                return new Watched.Cancelled();
            }
            if (now.status() == Status.LIVE || now.status() == Status.REPLACED) {
                return new Watched.Live(now);
            }
            tellProgress(now, notes, watch);
            notes.stops().stream()
                    .filter(stop -> stop.view().equals(now.view()) && !stop.isPast(broker.committed(group(now.view()))))
                    .findFirst()
                    .ifPresent(watch::stopped);
            if (System.nanoTime() - start > limit.toNanos()) {
                return new Watched.Unfinished();
            }
            pause();
        }
    }

    /** What a generation has read of all there is to read now. */
    private void tellProgress(Generation generation, RegistryState notes, Watch watch) {
        Map<TopicPartition, Long> committed = committed(generation.view());
        Generation live = notes.generations().live(generation.view().name());
        Set<TopicPartition> events = events(live == null ? generation.view() : live.view());
        Map<TopicPartition, Long> firsts = broker.offsets(events, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = broker.offsets(events, OffsetSpec.latest());
        long done = 0;
        long total = 0;
        for (TopicPartition partition : events) {
            long first = generation.from().getOrDefault(partition, firsts.getOrDefault(partition, 0L));
            total += ends.getOrDefault(partition, 0L) - first;
            done += Math.max(0, committed.getOrDefault(partition, first) - first);
        }
        watch.progress(generation.view(), done, total);
    }

    /**
     * What a watcher has been told, so that it hears of each standstill once: a record is tried again for as long as it
     * takes.
     */
    private static final class Watch {

        private final Watcher watcher;
        private long lastDone = -1;
        private long lastMoved = System.nanoTime();
        private boolean saidIdle;
        private @Nullable Stop told;

        Watch(Watcher watcher) {
            this.watcher = watcher;
        }

        void progress(ViewId view, long done, long total) {
            watcher.progress("%s, generation %d".formatted(view.name(), view.generation()), done, total);
            if (done != lastDone) {
                lastDone = done;
                lastMoved = System.nanoTime();
            } else if (System.nanoTime() - lastMoved > Watcher.IDLE.toNanos() && !saidIdle) {
                saidIdle = true;
                watcher.idle();
            }
        }

        void stopped(Stop stop) {
            if (told == null || !told.place().equals(stop.place())) {
                told = stop;
                watcher.stopped(stop);
            }
        }
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
        broker.committed(group).forEach((partition, offset) -> {
            if (offset != null) {
                committed.put(partition, offset.offset());
            }
        });
        return committed;
    }

    private String group(ViewId view) {
        return kafka.topics().prefix() + ViewTopology.applicationId(view);
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationFailedException("interrupted; the replay goes on", e);
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
