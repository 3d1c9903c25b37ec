package dev.annals.service.views;

import dev.annals.service.ServiceConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The clients for a topic in which hardly anything happens. */
record NoteClients(ServiceConfig config) {

    /** Of one question to the brokers, and of one note's writing. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    /** A broker answers at once when there is a note; without one it is asked again only so often. */
    private static final Duration FETCH_WAIT = Duration.ofSeconds(3);

    Consumer<byte[], byte[]> consumer() {
        Map<String, Object> settings = known(ConsumerConfig.configNames());
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, millis(FETCH_WAIT));
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(LIMIT));
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(LIMIT));
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    Producer<byte[], byte[]> producer() {
        Map<String, Object> settings = known(ProducerConfig.configNames());
        settings.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(LIMIT));
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis(LIMIT));
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis(LIMIT));
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    Admin admin() {
        Map<String, Object> settings = known(AdminClientConfig.configNames());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(LIMIT));
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(LIMIT));
        return Admin.create(settings);
    }

    private Map<String, Object> known(Set<String> names) {
        Map<String, Object> settings = new LinkedHashMap<>(config.kafka());
        settings.keySet().retainAll(names);
        return settings;
    }

    private static int millis(Duration duration) {
        return (int) duration.toMillis();
    }
}
