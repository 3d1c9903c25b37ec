package dev.annals.engine.viewregistry;

import dev.annals.engine.kafka.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads {@code annals.views} from its start into a {@link RegistryState}, and follows it for as long as it is asked.
 * For one thread.
 */
public final class RegistryReader {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final RegistryState state;
    private final Duration limit;
    private final long end;

    /**
     * A reader at the start of the topic.
     *
     * @param consumer without a group, reading what is committed; belongs to this reader, but is not closed by it
     * @param limit of each question to the broker
     * @throws KafkaException if the broker does not answer in time
     */
    public RegistryReader(Consumer<byte[], byte[]> consumer, Topics topics, RegistryState state, Duration limit) {
        this.consumer = consumer;
        this.partition = new TopicPartition(topics.views(), EntryJson.ONLY_PARTITION);
        this.state = state;
        this.limit = limit;
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        this.end = Objects.requireNonNullElse(
                consumer.endOffsets(List.of(partition), limit).get(partition), 0L);
    }

    /**
     * The registry at this moment.
     *
     * @param consumers each without a group, reading what is committed
     * @param limit of the whole
     * @throws KafkaException if the broker does not say in time
     */
    public static RegistryState readAll(
            Supplier<? extends Consumer<byte[], byte[]>> consumers, Topics topics, Duration limit) {
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            return readAll(consumer, topics, limit);
        }
    }

    /** As {@link #readAll}; without entries where there is no such topic, since no service has made it yet. */
    public static RegistryState readIfThere(
            Supplier<? extends Consumer<byte[], byte[]>> consumers, Topics topics, Duration limit) {
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            return consumer.partitionsFor(topics.views(), limit).isEmpty()
                    ? new RegistryState()
                    : readAll(consumer, topics, limit);
        }
    }

    private static RegistryState readAll(Consumer<byte[], byte[]> consumer, Topics topics, Duration limit) {
        RegistryState state = new RegistryState();
        long deadline = System.nanoTime() + limit.toNanos();
        RegistryReader reader = new RegistryReader(consumer, topics, state, limit);
        while (!reader.poll(POLL)) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(
                        "topic %s was not read to its end within %s".formatted(topics.views(), limit));
            }
        }
        return state;
    }

    /**
     * Takes what has come, or waits for it.
     *
     * @return whether everything that was there when the reader was made has been taken
     */
    public boolean poll(Duration wait) {
        consumer.poll(wait).forEach(state::take);
        return consumer.position(partition, limit) >= end;
    }
}
