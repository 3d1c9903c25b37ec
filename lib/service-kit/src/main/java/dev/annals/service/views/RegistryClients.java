package dev.annals.service.views;

import dev.annals.engine.kafka.KafkaClients;
import dev.annals.service.ServiceConfig;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The clients for a topic in which hardly anything happens. */
record RegistryClients(ServiceConfig config) {

    /** Of one question to the brokers, and of one entry's writing. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    /** A broker answers at once when there is an entry; without one it is asked again only so often. */
    private static final Duration FETCH_WAIT = Duration.ofSeconds(3);

    private static final Duration SHORT_FETCH_WAIT = Duration.ofMillis(20);

    /** One that follows. */
    Consumer<byte[], byte[]> consumer() {
        return consumer(FETCH_WAIT);
    }

    /** One that reads what there is: who closes a consumer waits for the fetch that is under way. */
    Consumer<byte[], byte[]> shortLivedConsumer() {
        return consumer(SHORT_FETCH_WAIT);
    }

    private Consumer<byte[], byte[]> consumer(Duration fetchWait) {
        return clients()
                .consumer(Map.of(
                        ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                        1,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        millis(fetchWait)));
    }

    Producer<byte[], byte[]> producer() {
        return clients().producer(Map.of());
    }

    Producer<byte[], byte[]> transactionalProducer(String transactionalId) {
        return clients()
                .producer(Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        transactionalId,
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        millis(LIMIT)));
    }

    Admin admin() {
        return clients().admin();
    }

    private KafkaClients clients() {
        return new KafkaClients(config.kafka(), LIMIT);
    }

    private static int millis(Duration duration) {
        return (int) duration.toMillis();
    }
}
