package dev.annals.service.kafka;

import dev.annals.engine.kafka.CheckedStore;
import dev.annals.service.FixedSettings;
import dev.annals.service.ServiceConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The configuration of every Kafka Streams application here.
 *
 * <p>Three layers: defaults for short, small commits; the operator's {@code kafka.} settings; and what correctness
 * needs, which nobody may change ({@link FixedSettings}).
 */
public final class StreamsDefaults {

    /**
     * Records end a poll at once; only a dry thread waits so long before it looks whether the commit interval has
     * passed.
     */
    private static final int POLL_MILLIS = 50;

    /** A commit costs a dozen requests to the broker whatever it holds. Who can't wait asks for one. */
    private static final int COMMIT_MILLIS = 100;

    /** A commit flushes; until then full batches cost the broker, and us, less than many small ones. */
    private static final int LINGER_MILLIS = 20;

    private static final int BATCH_BYTES = 1 << 17;

    /**
     * Each poll of restored records is a write of the store, and a thousand, the default of Streams, are few: stores of
     * 600,000 entries were there after 2.0 s instead of 3.5. In bytes, a poll still holds no more than what was
     * fetched.
     */
    private static final int RESTORED_RECORDS = 10_000;

    /** A killed instance's partitions move after this; the brokers' default minimum is 6 s. */
    private static final int SESSION_TIMEOUT_MILLIS = 6_000;

    private static final int HEARTBEAT_MILLIS = 2_000;

    private StreamsDefaults() {}

    /** As {@link #of(ServiceConfig, String, Map)}, with the common defaults alone. */
    public static Map<String, Object> of(ServiceConfig service, String applicationId) {
        return of(service, applicationId, Map.of());
    }

    /**
     * @param applicationId without the installation's prefix; names the consumer group and the internal topics
     * @param ownDefaults of the service, above the common ones and below the operator's settings
     */
    public static Map<String, Object> of(ServiceConfig service, String applicationId, Map<String, Object> ownDefaults) {
        Map<String, Object> config = new LinkedHashMap<>(defaults(service));
        config.putAll(ownDefaults);
        config.putAll(service.kafka());
        config.putAll(FixedSettings.OF_STREAMS);
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, service.topics().prefix() + applicationId);
        return config;
    }

    private static Map<String, Object> defaults(ServiceConfig service) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir(service.stateDir()));
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, service.streamThreads());
        config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, service.standbyReplicas());
        config.put(
                StreamsConfig.REPLICATION_FACTOR_CONFIG, service.topicSettings().replicationFactor());
        if (service.topicSettings().minInsyncReplicas() > 0) {
            config.put(
                    StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
                    service.topicSettings().minInsyncReplicas());
        }
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_MILLIS);
        config.put(StreamsConfig.POLL_MS_CONFIG, POLL_MILLIS);
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        config.put(CheckedStore.WRONG_CHECKSUMS, (LongSupplier) BoundedRocksDb::wrongChecksums);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), LINGER_MILLIS);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
        // After a commit the next produce may meet the markers of the last; 100 ms, the default, would then be the
        // latency.
        config.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 5);
        config.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), RESTORED_RECORDS);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_TIMEOUT_MILLIS);
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), HEARTBEAT_MILLIS);
        return config;
    }

    private static String stateDir(Path stateDir) {
        return stateDir.toAbsolutePath().toString();
    }
}
