package dev.annals.projector.bulk;

import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.projecting.MemoryBuild;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.projector.views.GroupOffsets;
import dev.annals.projector.views.ProjectedViews;
import dev.annals.projector.views.ProjectedViews.ProjectedView;
import dev.annals.service.StartupException;
import dev.annals.service.Worker;
import dev.annals.service.Workers;
import dev.annals.service.kafka.TopicProvisioner;
import dev.annals.service.kafka.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bulk build of one generation: the projector that is elected folds all old events in memory and commits what it
 * comes to together with the offsets of the generation's group; the generation's Streams application restores its
 * stores from that, and goes on. Where it can't be done so, the group begins with the first event, and the application
 * folds all of them: slower, but within any memory, and with all that there is for events that can't be folded.
 *
 * <p>A thread of its own, which ends when the group has offsets, whoever committed them.
 */
final class BulkBuild implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BulkBuild.class);

    /** Of one request to Kafka. */
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final int MAX_TRIES = 3;

    /** Partitions that are read at a time, where there are as many processors. */
    private static final int MAX_READERS = 4;

    private static final Duration REPORT_EVERY = Duration.ofSeconds(1);

    /** Of the heap, for what is held at a time: the clients' buffers and the Streams applications need the rest. */
    private static final int SHARE_OF_MEMORY = 3;

    private final Generation generation;
    private final ProjectedViews views;
    private final ProjectedView view;
    private final GroupOffsets offsets;
    private final Semaphore turns;
    private final Runnable ended;
    private final String group;
    private final KafkaClients clients;
    private final Worker worker;
    private int tries;
    private int readers = Math.min(MAX_READERS, Runtime.getRuntime().availableProcessors());
    private volatile boolean done;

    /**
     * A build that is not started.
     *
     * @param turns one for each build that may hold memory here at a time
     * @param ended told at the end, by its thread
     */
    BulkBuild(
            Generation generation,
            ProjectedViews views,
            ProjectedView view,
            GroupOffsets offsets,
            Semaphore turns,
            Workers workers,
            Runnable ended) {
        this.generation = generation;
        this.views = views;
        this.view = view;
        this.offsets = offsets;
        this.turns = turns;
        this.ended = ended;
        this.group = views.group(generation.view());
        this.clients = new KafkaClients(views.config().kafka(), REQUEST_LIMIT);
        this.worker = workers.worker("bulk-build", this::round)
                .endsWithin(CLOSE_LIMIT, () -> {})
                .atEnd(this::end);
    }

    void start() {
        worker.start();
    }

    boolean isUnderWay() {
        return !done;
    }

    private Duration round() throws InterruptedException {
        tries++;
        if (isDone()) {
            worker.finish();
        }
        return PAUSE;
    }

    private void end() {
        done = true;
        ended.run();
    }

    /** Whether there is nothing left to be tried. */
    private boolean isDone() throws InterruptedException {
        try (Election election = new Election(
                clients, ViewTopology.builders(group), views.config().topics().views())) {
            takePart(election);
            return true;
        } catch (ExecutionException | KafkaException | StartupException e) {
            warn("a bulk build failed", e);
            return !worker.isOpen() || (tries >= MAX_TRIES && isLeftToTheApplication());
        } catch (RuntimeException e) { // of the view's own code, too: its application says so, and where
            warn("no bulk build: its application folds all events", e);
            return !worker.isOpen() || isLeftToTheApplication();
        }
    }

    private void takePart(Election election) throws ExecutionException, InterruptedException {
        while (worker.isOpen() && !hasBegun()) {
            if (election.isElected() && turns.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                try (BulkWriter writer = newWriter()) {
                    writer.begin();
                    build(writer, election);
                } catch (MemoryBuild.TooLargeException e) {
                    requireFewerReaders(e);
                } finally {
                    turns.release();
                }
            }
        }
    }

    /** What is too much of several partitions need not be too much of one. */
    private void requireFewerReaders(MemoryBuild.TooLargeException reason) {
        if (readers == 1) {
            throw reason;
        }
        readers = 1;
        LOG.atInfo()
                .addKeyValue("view", generation.view())
                .addKeyValue("reason", reason.getMessage())
                .log("built once more, one partition at a time");
    }

    /** What an earlier writer has committed can be seen by now, and none can commit any more. */
    private void build(BulkWriter writer, Election election) throws ExecutionException, InterruptedException {
        if (hasBegun()) {
            return;
        }
        long start = System.nanoTime();
        try (MemoryBuild memory = new MemoryBuild(
                view.folds().apply(generation), Runtime.getRuntime().maxMemory() / SHARE_OF_MEMORY)) {
            Set<TopicPartition> partitions = offsets.partitions(view.eventsTopics());
            makeTopics(memory, partitions);
            try (BulkReading reading = new BulkReading(
                    "build-" + generation.view(), readers, partitions, clients::consumer, memory, writer)) {
                while (!reading.isDone(REPORT_EVERY)) {
                    requireTime(start);
                    election.report(reading.next());
                    if (!worker.isOpen() || !election.isElected()) {
                        return;
                    }
                }
                memory.end(writer);
                writer.commit(reading.next());
                LOG.atInfo()
                        .addKeyValue("view", generation.view())
                        .addKeyValue("records", reading.records())
                        .addKeyValue(
                                "millis",
                                Duration.ofNanos(System.nanoTime() - start).toMillis())
                        .log("built in memory");
            }
        }
    }

    /** The application would make its own, but only once it runs. */
    private void makeTopics(MemoryBuild memory, Set<TopicPartition> events) {
        int partitions = events.stream()
                .mapToInt(partition -> partition.partition() + 1)
                .max()
                .orElse(0);
        List<TopicSpec> topics =
                new ArrayList<>(List.of(TopicSpec.view(views.config().topics(), generation.view())));
        memory.stores()
                .forEach(store -> topics.add(TopicSpec.changelog(ViewTopology.changelog(group, store), partitions)));
        new TopicProvisioner(views.config()).ensure(topics);
    }

    private static void requireTime(long start) {
        if (System.nanoTime() - start > BulkWriter.TRANSACTION_LIMIT.toNanos()) {
            throw new IllegalStateException("it takes longer than a transaction may, which is %d minutes"
                    .formatted(BulkWriter.TRANSACTION_LIMIT.toMinutes()));
        }
    }

    private BulkWriter newWriter() {
        ViewId id = generation.view();
        return new BulkWriter(clients, group, views.config().topics().view(id.name(), id.generation()));
    }

    private boolean hasBegun() throws ExecutionException, InterruptedException {
        return offsets.hasBegun(group);
    }

    /** Also those who still build, should there be any, can't commit after this. */
    private boolean isLeftToTheApplication() throws InterruptedException {
        try (BulkWriter writer = newWriter()) {
            writer.begin();
            if (!hasBegun()) {
                Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
                offsets.starts(offsets.partitions(view.eventsTopics()))
                        .forEach((partition, offset) -> first.put(partition, new OffsetAndMetadata(offset)));
                writer.commit(first);
            }
            return true;
        } catch (ExecutionException | KafkaException e) {
            warn("its application can't begin yet", e);
            return !worker.isOpen();
        }
    }

    private void warn(String what, Exception reason) {
        LOG.atWarn().addKeyValue("view", generation.view()).setCause(reason).log(what);
    }

    @Override
    public void close() {
        worker.close();
    }
}
