package dev.annals.service.views;

import dev.annals.engine.viewregistry.Stop;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes stops into the view registry, asynchronously: nobody waits for it, and what it can't write within
 * {@link RegistryClients#LIMIT} is given up with a warning. A stop is rare, so each has a producer of its own.
 * Thread-safe.
 */
final class StopWriter implements AutoCloseable {

    /**
     * Stops that wait to be written; more than there are views and partitions to stop at the same time is not worth a
     * queue.
     */
    private static final int MAX_WAITING = 64;

    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(StopWriter.class);

    private final RegistryClients clients;
    private final ExecutorService executor;

    StopWriter(RegistryClients clients) {
        this.clients = clients;
        ThreadPoolExecutor one = new ThreadPoolExecutor(
                1,
                1,
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                Thread.ofPlatform().daemon().name("view-stop-writer").factory());
        one.allowCoreThreadTimeOut(true);
        this.executor = one;
    }

    void write(Stop stop) {
        try {
            executor.execute(() -> send(stop));
        } catch (RejectedExecutionException e) {
            givenUp(stop, e);
        }
    }

    private void send(Stop stop) {
        try (Producer<byte[], byte[]> producer = clients.producer()) {
            producer.send(stop.toRecord(clients.config().topics())).get();
        } catch (ExecutionException | KafkaException e) {
            givenUp(stop, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void givenUp(Stop stop, Exception cause) {
        LOG.atWarn()
                .addKeyValue("stop", stop.key())
                .addKeyValue("reason", cause.toString())
                .log("a stop of a view was not written; the next failure there is written again");
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
