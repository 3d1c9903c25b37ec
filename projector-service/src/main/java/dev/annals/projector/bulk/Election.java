package dev.annals.projector.bulk;

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
 * Leader election among projectors by a consumer group: the leader is who is assigned the one partition of a topic. It
 * stays so while it asks again and again; when it dies another is elected, after {@link #SESSION}. For one thread.
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

    /** Whether this instance is the leader; where it is not, it waits {@link #WAIT} for the assignment. */
    boolean isElected() {
        consumer.poll(consumer.assignment().isEmpty() ? WAIT : Duration.ZERO);
        consumer.pause(consumer.assignment());
        return !consumer.assignment().isEmpty();
    }

    /** Commits how far the work is as the offsets of the group, for the lag that is shown; nothing depends on it. */
    void report(Map<TopicPartition, OffsetAndMetadata> next) {
        consumer.commitAsync(next, (offsets, failure) -> {});
    }

    @Override
    public void close() {
        consumer.close();
    }
}
