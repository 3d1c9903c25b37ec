package dev.annals.query.live;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Makes consumers for {@link LiveTopics}: small, for there may be many, and without a group. Thread-safe. */
public final class LiveConsumers implements Supplier<Consumer<byte[], byte[]>> {

    /** What a consumer holds that is not sent yet. */
    private static final int FETCH_BYTES = 1 << 18;

    private static final int PARTITION_FETCH_BYTES = 1 << 16;
    private static final int POLL_RECORDS = 100;
    private static final int ANSWER_LIMIT_MILLIS = 5_000;

    private final Map<String, Object> config;
    private final AtomicLong made = new AtomicLong();

    /** @param kafka settings of all clients */
    public LiveConsumers(Map<String, Object> kafka) {
        config = new LinkedHashMap<>(kafka);
        config.keySet().retainAll(ConsumerConfig.configNames());
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_LIMIT_MILLIS);
    }

    @Override
    public Consumer<byte[], byte[]> get() {
        Map<String, Object> own = new LinkedHashMap<>(config);
        own.put(ConsumerConfig.CLIENT_ID_CONFIG, "annals-query-live-" + made.incrementAndGet());
        return new KafkaConsumer<>(own, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
