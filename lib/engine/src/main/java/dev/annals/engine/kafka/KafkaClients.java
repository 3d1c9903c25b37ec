package dev.annals.engine.kafka;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
import org.apache.kafka.streams.StreamsConfig;

/**
 * Makes the Kafka clients that are used beside Kafka Streams: small things, each within a limit.
 *
 * <p>A client gets all settings but those that only other kinds of clients know. So keys of the user's own, such as
 * {@code config.providers} and what an interceptor wants, reach all of them.
 *
 * @param settings of all clients
 * @param limit of each question, and of one record's writing
 */
public record KafkaClients(Map<String, Object> settings, Duration limit) {

    private static final Set<String> KNOWN = new HashSet<>();

    static {
        KNOWN.addAll(ConsumerConfig.configNames());
        KNOWN.addAll(ProducerConfig.configNames());
        KNOWN.addAll(AdminClientConfig.configNames());
        KNOWN.addAll(StreamsConfig.configDef().names());
    }

    /**
     * Reads what is committed, from the beginning; belongs to no group.
     *
     * @param own settings, which go before all others
     */
    public Consumer<byte[], byte[]> consumer(Map<String, Object> own) {
        Map<String, Object> config = without(ConsumerConfig.configNames());
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis());
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis());
        config.putAll(own);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Loses and doubles nothing, and doesn't wait for more.
     *
     * @param own settings, which go before all others
     */
    public Producer<byte[], byte[]> producer(Map<String, Object> own) {
        Map<String, Object> config = without(ProducerConfig.configNames());
        config.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis());
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis());
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis());
        config.putAll(own);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    public Admin admin() {
        Map<String, Object> config = without(AdminClientConfig.configNames());
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis());
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis());
        return Admin.create(config);
    }

    private Map<String, Object> without(Set<String> ofTheClient) {
        return settingsFor(ofTheClient, settings);
    }

    /**
     * Those of a client: without what it would warn of, since only other kinds of clients know it. A key that Kafka
     * does not know is somebody's own, and stays.
     *
     * @param ofTheClient the names that it knows
     */
    public static <V> Map<String, V> settingsFor(Set<String> ofTheClient, Map<String, V> settings) {
        Map<String, V> config = new LinkedHashMap<>(settings);
        config.keySet().removeIf(key -> KNOWN.contains(key) && !ofTheClient.contains(key));
        return config;
    }

    /** Values may be passwords. */
    @Override
    public String toString() {
        return "KafkaClients[settings of %s, limit=%s]".formatted(new TreeSet<>(settings.keySet()), limit);
    }

    private int millis() {
        return (int) limit.toMillis();
    }
}
