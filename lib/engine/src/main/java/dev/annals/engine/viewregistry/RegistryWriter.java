package dev.annals.engine.viewregistry;

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

/**
 * Changes the view registry by compare and set: an edit is given the registry as it is, and between its reading and its
 * writing no other writer of the installation can write. How that works over a shared transactional id, see the
 * package; entries that are written without a writer (stops, skips) are not affected. Thread-safe.
 */
public final class RegistryWriter {

    private static final int MAX_TRIES = 10;

    /** At most, after the first try; more after each. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Topics topics;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Function<String, Producer<byte[], byte[]>> producers;
    private final Duration limit;

    /** What is to be written, given the registry; nothing for no change. May be called several times. */
    @FunctionalInterface
    public interface Edit {
        List<? extends RegistryEntry> of(RegistryState state);
    }

    /**
     * @param consumers each without a group, reading what is committed
     * @param producers each with the transactional id that it is given
     * @param limit of one try's reading
     */
    public RegistryWriter(
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
    public List<RegistryEntry> edit(Edit edit) {
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

    /** At random and ever longer, so that two writers don't go on ending each other's transactions. */
    private static void pause(int tries) {
        try {
            Thread.sleep(ThreadLocalRandom.current()
                    .nextLong(PAUSE.multipliedBy(tries).toMillis()));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Another writer came between; some calls say so themselves, others with the cause. */
    private static boolean isFenced(KafkaException e) {
        return e instanceof ProducerFencedException
                || e instanceof InvalidProducerEpochException
                || e.getCause() instanceof ProducerFencedException
                || e.getCause() instanceof InvalidProducerEpochException;
    }

    private List<RegistryEntry> edit(Edit edit, Producer<byte[], byte[]> producer) {
        producer.initTransactions();
        List<RegistryEntry> changes = List.copyOf(edit.of(read()));
        if (changes.isEmpty()) {
            return changes;
        }
        producer.beginTransaction();
        for (RegistryEntry change : changes) {
            Future<?> unused = producer.send(change.toRecord(topics)); // the commit throws what it met
        }
        producer.commitTransaction();
        return changes;
    }

    /**
     * The registry at this moment, see {@link RegistryReader#readAll}.
     *
     * @throws KafkaException if the broker does not say in time
     */
    public RegistryState read() {
        return RegistryReader.readAll(consumers, topics, limit);
    }
}
