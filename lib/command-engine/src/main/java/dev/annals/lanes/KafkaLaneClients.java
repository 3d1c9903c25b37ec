package dev.annals.lanes;

import dev.annals.engine.kafka.KafkaClients;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Clients of real brokers.
 *
 * @param clients with the installation's settings
 */
record KafkaLaneClients(KafkaClients clients) implements LaneClients {

    /** A transaction is a matter of milliseconds; this is for one whose owner is gone and whom nobody fences. */
    private static final Duration TRANSACTION_LIMIT = Duration.ofSeconds(10);

    /** Batches of one transaction are sent at its commit at the latest, which waits for no linger. */
    private static final int LINGER_MS = 5;

    private static final int BATCH_BYTES = 128 << 10;

    /** A transaction that begins before the markers of the one before are written is tried again after this. */
    private static final int RETRY_BACKOFF_MS = 5;

    private static final int RECORDS_A_POLL = 5_000;

    @Override
    public Producer<byte[], byte[]> producer(String transactionalId) {
        return clients.producer(Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                transactionalId,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                (int) TRANSACTION_LIMIT.toMillis(),
                ProducerConfig.LINGER_MS_CONFIG,
                LINGER_MS,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                (int) clients.limit().toMillis() + LINGER_MS,
                ProducerConfig.BATCH_SIZE_CONFIG,
                BATCH_BYTES,
                ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
                RETRY_BACKOFF_MS));
    }

    @Override
    public Consumer<byte[], byte[]> tail() {
        return clients.consumer(Map.of(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                RECORDS_A_POLL,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none"));
    }
}
