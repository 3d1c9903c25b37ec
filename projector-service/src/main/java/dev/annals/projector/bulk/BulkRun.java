package dev.annals.projector.bulk;

import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.projecting.MemoryBuild;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.projector.views.GroupOffsets;
import dev.annals.projector.views.ProjectedViews;
import dev.annals.projector.views.ProjectedViews.ProjectedView;
import dev.annals.service.kafka.TopicProvisioner;
import dev.annals.service.kafka.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One try of a bulk build: has the events read and folded, and writes what they come to. For one thread. */
final class BulkRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BulkRun.class);

    private static final Duration REPORT_EVERY = Duration.ofSeconds(1);

    /** Of the heap, for what is held at a time: the clients' buffers and the Streams applications need the rest. */
    private static final int SHARE_OF_MEMORY = 3;

    private final ProjectedViews views;
    private final ProjectedView view;
    private final Generation generation;
    private final GroupOffsets offsets;
    private final String group;
    private final MemoryBuild build;
    private final KafkaClients clients;
    private final BulkWriter writer;
    private final int readers;
    private final long start = System.nanoTime();

    /** Told how far the run is, and asked whether it goes on. */
    @FunctionalInterface
    interface Watch {
        boolean goesOn(Map<TopicPartition, OffsetAndMetadata> next);
    }

    /** @param readers how many partitions are read at a time: each takes a thread, and memory */
    BulkRun(
            Generation generation,
            ProjectedViews views,
            ProjectedView view,
            GroupOffsets offsets,
            KafkaClients clients,
            BulkWriter writer,
            int readers) {
        this.views = views;
        this.view = view;
        this.generation = generation;
        this.offsets = offsets;
        this.group = views.group(generation.view());
        this.build = new MemoryBuild(
                view.folds().apply(generation), Runtime.getRuntime().maxMemory() / SHARE_OF_MEMORY);
        this.clients = clients;
        this.writer = writer;
        this.readers = readers;
    }

    /**
     * Reads, folds and writes; commits if nothing stands in the way.
     *
     * @throws RuntimeException if an event can't be folded, memory does not suffice, or Kafka refuses
     */
    void toTheEnd(Watch watch) throws ExecutionException, InterruptedException {
        Set<TopicPartition> partitions = offsets.partitions(view.eventsTopics());
        makeTopics(partitions);
        try (BulkReading reading =
                new BulkReading("build-" + generation.view(), readers, partitions, clients::consumer, build, writer)) {
            while (!reading.isDone(REPORT_EVERY)) {
                requireTime();
                if (!watch.goesOn(reading.next())) {
                    return;
                }
            }
            build.end(writer);
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

    /** The application would make its own, but only once it runs. */
    private void makeTopics(Set<TopicPartition> events) {
        int partitions = events.stream()
                .mapToInt(partition -> partition.partition() + 1)
                .max()
                .orElse(0);
        List<TopicSpec> topics =
                new ArrayList<>(List.of(TopicSpec.view(views.config().topics(), generation.view())));
        build.stores()
                .forEach(store -> topics.add(TopicSpec.changelog(ViewTopology.changelog(group, store), partitions)));
        new TopicProvisioner(views.config()).ensure(topics);
    }

    private void requireTime() {
        if (System.nanoTime() - start > BulkWriter.TRANSACTION_LIMIT.toNanos()) {
            throw new IllegalStateException("it takes longer than a transaction may, which is %d minutes"
                    .formatted(BulkWriter.TRANSACTION_LIMIT.toMinutes()));
        }
    }

    @Override
    public void close() {
        build.close();
    }
}
