package dev.annals.service.views;

import dev.annals.engine.notes.ViewNote;
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
 * Writes notes behind the back of whoever makes them: nobody waits for it, and what it can't write within
 * {@link NoteClients#LIMIT} is given up with a warning. A note is rare, so each has a producer of its own. Thread-safe.
 */
final class NoteWriter implements AutoCloseable {

    /** Notes that wait to be written; more than there are views and partitions to stop at the same time is not worth a queue. */
    private static final int MAX_WAITING = 64;

    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(NoteWriter.class);

    private final NoteClients clients;
    private final ExecutorService executor;

    NoteWriter(NoteClients clients) {
        this.clients = clients;
        ThreadPoolExecutor one = new ThreadPoolExecutor(
                1,
                1,
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                Thread.ofPlatform().daemon().name("view-notes-writer").factory());
        one.allowCoreThreadTimeOut(true);
        this.executor = one;
    }

    void write(ViewNote note) {
        try {
            executor.execute(() -> send(note));
        } catch (RejectedExecutionException e) {
            givenUp(note, e);
        }
    }

    private void send(ViewNote note) {
        try (Producer<byte[], byte[]> producer = clients.producer()) {
            producer.send(note.toRecord(clients.config().topics())).get();
        } catch (ExecutionException | KafkaException e) {
            givenUp(note, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void givenUp(ViewNote note, Exception cause) {
        LOG.atWarn()
                .addKeyValue("note", note.noteKey())
                .addKeyValue("reason", cause.toString())
                .log("a note about a view was not written; the next failure there is noted again");
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
