package dev.annals.projector;

import dev.annals.engine.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Which of the projectors does what only one is to do: the one to whom a consumer group assigns a partition. Once elected it stays so
 * while it asks again and again; when it dies another is, after {@link #SESSION}. For one thread.
 */
final class Election implements AutoCloseable {

    private static final Duration SESSION = Duration.ofSeconds(6);
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    /** Without a question for so long, it is no longer elected. */
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private static final Duration WAIT = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;

    /** @param topic with one partition; nothing is read of it */
    Election(KafkaClients clients, String group, String topic) {
        this.consumer = clients.consumer(Map.of(
                ConsumerConfig.GROUP_ID_CONFIG, group,
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION.toMillis(),
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) HEARTBEAT.toMillis(),
                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) SILENCE.toMillis()));
        consumer.subscribe(List.of(topic));
    }

    /** Waits for a moment where it isn't. */
    boolean isElected() {
        consumer.poll(consumer.assignment().isEmpty() ? WAIT : Duration.ZERO);
        consumer.pause(consumer.assignment());
        return !consumer.assignment().isEmpty();
    }

    /** Says, as the offsets of the group, how far the work is; nothing depends on it. */
    void report(Map<TopicPartition, OffsetAndMetadata> next) {
        consumer.commitAsync(next, (offsets, failure) -> {});
    }

    @Override
    public void close() {
        consumer.close();
    }
}
