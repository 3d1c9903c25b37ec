package dev.annals.projector.bulk;

import dev.annals.engine.projecting.MemoryBuild;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reader threads of a bulk build: each reads and folds one partition after the other, until none is left, and the
 * first that fails ends all. Begun, asked and closed by one thread, which is none of them.
 */
final class BulkReading implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BulkReading.class);

    private static final Duration POLL = Duration.ofMillis(100);

    /** A partition that yields nothing for so long, though there is more of it. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    /**
     * For the threads to end; one that is in a handler that never returns is left behind, and can write nothing any
     * more.
     */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /**
     * At the end of a partition the broker would hold the next fetch for half a second, and that of the next partition
     * waits for it: so it is told not to.
     */
    private static final Map<String, Object> SETTINGS = Map.of(
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 << 20,
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000,
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);

    private final Function<Map<String, Object>, Consumer<byte[], byte[]>> consumers;
    private final MemoryBuild build;
    private final MemoryBuild.Output out;
    private final Queue<TopicPartition> left;
    private final ExecutorService threads;
    private final List<Future<?>> readers = new ArrayList<>();
    private final Map<TopicPartition, OffsetAndMetadata> next = new ConcurrentHashMap<>();
    private final AtomicLong records = new AtomicLong();
    private volatile boolean stopped;

    /**
     * Begins at once.
     *
     * @param readers how many threads
     * @param consumers one for each thread, by the settings that it needs
     */
    BulkReading(
            String name,
            int readers,
            Collection<TopicPartition> partitions,
            Function<Map<String, Object>, Consumer<byte[], byte[]>> consumers,
            MemoryBuild build,
            MemoryBuild.Output out) {
        this.consumers = consumers;
        this.build = build;
        this.out = out;
        this.left = new ConcurrentLinkedQueue<>(partitions);
        this.threads = Executors.newFixedThreadPool(
                readers, Thread.ofPlatform().daemon().name(name + "-", 1).factory());
        for (int i = 0; i < readers; i++) {
            this.readers.add(threads.submit(this::run));
        }
        threads.shutdown();
    }

    /**
     * Whether all is read, within so long.
     *
     * @throws RuntimeException if an event can't be folded, memory does not suffice, or Kafka refuses
     */
    boolean isDone(Duration limit) throws InterruptedException {
        if (!threads.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        for (Future<?> each : readers) {
            if (each.state() == Future.State.FAILED) {
                throw failure(each.exceptionNow());
            }
        }
        return true;
    }

    private static RuntimeException failure(Throwable cause) {
        return switch (cause) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new IllegalStateException(cause);
        };
    }

    /** Where to go on in each partition that was begun. */
    Map<TopicPartition, OffsetAndMetadata> next() {
        return Map.copyOf(next);
    }

    long records() {
        return records.get();
    }

    private void run() {
        boolean done = false;
        try (Consumer<byte[], byte[]> events = consumers.apply(SETTINGS)) {
            for (TopicPartition one = left.poll(); one != null && !stopped; one = left.poll()) {
                read(one, events);
            }
            done = true;
        } finally {
            stopped |= !done;
        }
    }

    private void read(TopicPartition partition, Consumer<byte[], byte[]> events) {
        events.assign(List.of(partition));
        events.seekToBeginning(List.of(partition));
        long end = events.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long last = -1;
        long heard = System.nanoTime();
        try (MemoryBuild.Partition folded = build.partition(partition.topic(), partition.partition())) {
            while (events.position(partition) < end) {
                ConsumerRecords<byte[], byte[]> polled = events.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : polled) {
                    folded.take(record);
                    last = record.offset();
                }
                records.addAndGet(polled.count());
                heard = polled.isEmpty() ? heard : System.nanoTime();
                if (System.nanoTime() - heard > SILENCE.toNanos()) {
                    throw new TimeoutException("%s is read to %d, and nothing more comes before %d"
                            .formatted(partition, events.position(partition), end));
                }
                next.put(partition, new OffsetAndMetadata(events.position(partition)));
                if (stopped) {
                    return;
                }
            }
            // The application reads the last record once more, to no effect; that it has done so shows that it goes on
            // from here.
            next.put(partition, new OffsetAndMetadata(last < 0 ? events.position(partition) : last));
            folded.end(last, out);
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            if (!threads.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atWarn()
                        .addKeyValue("limit", CLOSE_LIMIT)
                        .log("events are still folded for a build that has ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
