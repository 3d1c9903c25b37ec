package dev.annals.service.views;

import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.service.Worker;
import dev.annals.service.Workers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes stops into the view registry, asynchronously: nobody waits for it, and what it can't write within
 * {@link ViewRegistry#LIMIT} is given up with a warning. A stop is rare, so each has a producer of its own.
 * Thread-safe.
 */
final class StopWriter implements AutoCloseable {

    /**
     * Stops that wait to be written; more than there are views and partitions to stop at the same time is not worth a
     * queue.
     */
    private static final int MAX_WAITING = 64;

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ZERO;
    private static final Logger LOG = LoggerFactory.getLogger(StopWriter.class);

    private final KafkaClients clients;
    private final Topics topics;
    private final BlockingQueue<Stop> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Worker worker;

    StopWriter(KafkaClients clients, Topics topics, Workers workers) {
        this.clients = clients;
        this.topics = topics;
        this.worker = workers.worker("view-stop-writer", this::writeNext).endsWithin(CLOSE_LIMIT, () -> {});
    }

    void start() {
        worker.start();
    }

    void write(Stop stop) {
        if (!waiting.offer(stop)) {
            givenUp(stop, "%d wait to be written".formatted(MAX_WAITING));
        }
    }

    private Duration writeNext() throws InterruptedException {
        Stop next = waiting.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
        if (next != null) {
            send(next);
        }
        return Duration.ZERO;
    }

    private void send(Stop stop) throws InterruptedException {
        try (Producer<byte[], byte[]> producer = clients.producer(Map.of())) {
            producer.send(stop.toRecord(topics)).get();
        } catch (ExecutionException | KafkaException e) {
            givenUp(stop, e.toString());
        }
    }

    private static void givenUp(Stop stop, String reason) {
        LOG.atWarn()
                .addKeyValue("stop", stop.key())
                .addKeyValue("reason", reason)
                .log("a stop of a view was not written; the next failure there is written again");
    }

    @Override
    public void close() {
        worker.close();
    }
}
