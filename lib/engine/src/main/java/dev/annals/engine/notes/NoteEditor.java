package dev.annals.engine.notes;

import dev.annals.engine.kafka.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Changes notes on the ground of all that were written before, and of nothing older: between reading and writing no other editor of the
 * installation can write.
 *
 * <p>All editors share one transactional id. Whoever initializes it ends the transaction of the one before, who then can't
 * commit any more and begins anew. So the topic works as a compare-and-set register, without a lock that a dead holder could keep.
 * Notes that are written without an editor (stops, skips) are not affected. Thread-safe.
 */
public final class NoteEditor {

    private static final int MAX_TRIES = 10;

    private static final Duration POLL = Duration.ofMillis(100);

    /** At most, after the first try; more after each. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Topics topics;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Function<String, Producer<byte[], byte[]>> producers;
    private final Duration limit;

    /** What is to be written, given all notes; nothing for no change. May be called several times. */
    @FunctionalInterface
    public interface Edit {
        List<? extends ViewNote> of(ViewNotes notes);
    }

    /**
     * An editor of an installation's notes.
     *
     * @param consumers each without a group, reading what is committed
     * @param producers each with the transactional id that it is given
     * @param limit of one try's reading
     */
    public NoteEditor(
            Topics topics,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Function<String, Producer<byte[], byte[]>> producers,
            Duration limit) {
        this.topics = topics;
        this.consumers = consumers;
        this.producers = producers;
        this.limit = limit;
    }

    /**
     * Writes what the edit says, all of it or nothing.
     *
     * @return what was written
     * @throws KafkaException if the broker does not do it, or others come between {@value #MAX_TRIES} times
     */
    public List<ViewNote> edit(Edit edit) {
        for (int tries = 1; ; tries++) {
            try (Producer<byte[], byte[]> producer = producers.apply(topics.views())) {
                return edit(edit, producer);
            } catch (KafkaException e) {
                if (tries == MAX_TRIES || !isFenced(e)) {
                    throw e;
                }
                pause(tries);
            }
        }
    }

    /** At random and ever longer, so that two editors don't go on ending each other's transactions. */
    private static void pause(int tries) {
        try {
            Thread.sleep(ThreadLocalRandom.current()
                    .nextLong(PAUSE.multipliedBy(tries).toMillis()));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Another editor came between; some calls say so themselves, others with the cause. */
    private static boolean isFenced(KafkaException e) {
        return e instanceof ProducerFencedException
                || e instanceof InvalidProducerEpochException
                || e.getCause() instanceof ProducerFencedException
                || e.getCause() instanceof InvalidProducerEpochException;
    }

    private List<ViewNote> edit(Edit edit, Producer<byte[], byte[]> producer) {
        producer.initTransactions();
        List<ViewNote> changes = List.copyOf(edit.of(read()));
        if (changes.isEmpty()) {
            return changes;
        }
        producer.beginTransaction();
        for (ViewNote change : changes) {
            Future<?> unused = producer.send(change.toRecord(topics)); // the commit throws what it met
        }
        producer.commitTransaction();
        return changes;
    }

    /**
     * All notes as they are at this moment.
     *
     * @throws KafkaException if the broker does not say in time
     */
    public ViewNotes read() {
        ViewNotes notes = new ViewNotes();
        long deadline = System.nanoTime() + limit.toNanos();
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            NoteReader reader = new NoteReader(consumer, topics, notes, limit);
            while (!reader.poll(POLL)) {
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException(
                            "topic %s was not read to its end within %s".formatted(topics.views(), limit));
                }
            }
        }
        return notes;
    }
}
