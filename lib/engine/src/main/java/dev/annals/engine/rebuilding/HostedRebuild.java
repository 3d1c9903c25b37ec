package dev.annals.engine.rebuilding;

import dev.annals.engine.kafka.HeldPartitions;
import dev.annals.engine.kafka.HoldingClients;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link Rebuild} in a Streams task, in short transactions between the polls of its thread, while the records of
 * the task's partition are held back.
 */
public final class HostedRebuild implements AutoCloseable {

    /** Of a chunk: the thread must poll, and may have partitions whose records are taken meanwhile. */
    private static final Duration CHUNK = Duration.ofMillis(200);

    private static final Duration BETWEEN_CHUNKS = Duration.ofMillis(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration AFTER_STOP = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOGS = Duration.ofSeconds(10);

    /** For all of it at once, in the transaction of a record: well below the timeout of a transaction. */
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(HostedRebuild.class);

    private final ProcessorContext<?, ?> context;
    private final TopicPartition input;
    private final Rebuild rebuild;
    private final Rebuilds rebuilds;
    private final Rebuilds.TypePartition partition;
    private final long started = System.nanoTime();
    private long logged = started;
    private @Nullable Cancellable chunks;

    /**
     * @param input the partition that the task takes
     * @param type of the aggregates, or the process
     */
    public HostedRebuild(
            ProcessorContext<?, ?> context, TopicPartition input, Rebuild rebuild, Rebuilds rebuilds, String type) {
        this.context = context;
        this.input = input;
        this.rebuild = rebuild;
        this.rebuilds = rebuilds;
        this.partition = new Rebuilds.TypePartition(type, input.partition());
    }

    /** Begins, if there is anything to do. Where records can't be held back, the first one will have it done. */
    public void start() {
        if (!rebuild.isDone()) {
            rebuilds.put(partition, null, null);
            if (HeldPartitions.ofThread().hold(input)) {
                schedule(BETWEEN_CHUNKS);
            }
        }
    }

    private void schedule(Duration pause) {
        cancel();
        chunks = context.schedule(pause, PunctuationType.WALL_CLOCK_TIME, wallClock -> chunk(pause));
    }

    private void cancel() {
        if (chunks != null) {
            chunks.cancel();
            chunks = null;
        }
    }

    private void chunk(Duration pause) {
        Duration nextPause = BETWEEN_CHUNKS;
        try {
            rebuild.step(within(CHUNK));
            rebuilds.put(partition, rebuild.progress(), null);
        } catch (StreamsException e) {
            throw e; // of the task, such as having lost it
        } catch (RuntimeException e) {
            nextPause = e instanceof Rebuild.StoppedException ? AFTER_STOP : AFTER_FAILURE;
            rebuilds.put(partition, rebuild.progress(), String.valueOf(e.getMessage()));
            LOG.atWarn().addKeyValue("partition", partition).setCause(e).log("state can't be rebuilt; trying again");
        }
        context.commit();
        if (rebuild.isDone()) {
            done();
        } else {
            logProgress();
            if (!nextPause.equals(pause)) {
                schedule(nextPause);
            }
        }
    }

    private static BooleanSupplier within(Duration limit) {
        long from = System.nanoTime();
        return () -> System.nanoTime() - from < limit.toNanos();
    }

    private void logProgress() {
        if (System.nanoTime() - logged >= BETWEEN_LOGS.toNanos()) {
            logged = System.nanoTime();
            LOG.atInfo()
                    .addKeyValue("type", partition.type())
                    .addKeyValue("partition", partition.partition())
                    .log(rebuilds.text(partition));
        }
    }

    private void done() {
        cancel();
        if (rebuild.hasChanged()) {
            HeldPartitions.ofThread().release(input);
        } else {
            HeldPartitions.ofThread().letGo(input); // there may be no transaction for long
        }
        rebuilds.remove(partition);
        long taken = rebuild.taken();
        if (taken > 0) {
            double seconds = (System.nanoTime() - started) / 1e9;
            LOG.atInfo()
                    .addKeyValue("type", partition.type())
                    .addKeyValue("partition", partition.partition())
                    .addKeyValue("records", taken)
                    .addKeyValue("seconds", String.format(Locale.ROOT, "%.1f", seconds))
                    .log("state is rebuilt");
        }
    }

    /** Whether the store may be used. */
    public boolean isDone() {
        return rebuild.isDone();
    }

    /**
     * Must be called before a record is taken. Records are held back meanwhile; should one come nevertheless, the
     * rebuild is done in its transaction.
     *
     * @throws IllegalStateException if that would take too long
     * @throws RuntimeException if the rebuild can't go on
     */
    public void requireDone() {
        if (rebuild.isDone()) {
            return;
        }
        BooleanSupplier inTime = within(AT_ONCE);
        while (!rebuild.isDone()) {
            if (!inTime.getAsBoolean()) {
                throw new IllegalStateException(
                        "a record of %s came while its state is being rebuilt; give %s to Kafka Streams, which hold records back"
                                .formatted(input, HoldingClients.class.getName()));
            }
            rebuild.step(inTime);
        }
        done();
    }

    @Override
    public void close() {
        cancel();
        rebuilds.remove(partition);
        HeldPartitions.ofThread().drop(input);
        rebuild.close();
    }
}
