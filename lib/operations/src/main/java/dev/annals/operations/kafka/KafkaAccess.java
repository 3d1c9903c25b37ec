package dev.annals.operations.kafka;

import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.OperationFailedException;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import dev.annals.service.TopicSettings;
import dev.annals.service.kafka.PartitionCatalog;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Connection settings of an installation: where its brokers and its schema registry are, and the settings of every
 * Kafka client that the tools make. Immutable; who makes a client closes it.
 *
 * @param registryUrl null for an operation that reads and writes no schemas
 * @param settings of the user for clients and serializers; they win over ours
 */
public record KafkaAccess(
        String bootstrapServers, @Nullable String registryUrl, Topics topics, Map<String, String> settings) {

    /** How long a record is tried: a broker may die and come back meanwhile. */
    public static final int DELIVERY_LIMIT_MS = 180_000;

    private static final String SERIALIZER = "dev.annals.serde.RegistryAvroSerializer";
    private static final String DESERIALIZER = "dev.annals.serde.RegistryAvroDeserializer";
    private static final String SUBJECT_STRATEGY = "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy";

    public KafkaAccess {
        settings = Map.copyOf(settings);
    }

    /** What a service has. */
    public static KafkaAccess of(ServiceConfig config) {
        Map<String, String> settings = new HashMap<>();
        config.kafka().forEach((key, value) -> settings.put(key, String.valueOf(value)));
        return new KafkaAccess(
                config.bootstrapServers(), settings.get("schema.registry.url"), config.topics(), settings);
    }

    public AvroSerdes serdes() {
        Map<String, Object> config = new HashMap<>();
        config.put("schema.registry.url", Objects.requireNonNull(registryUrl, "an operation that needs schemas"));
        config.put("value.subject.name.strategy", SUBJECT_STRATEGY);
        config.putAll(settings);
        return new AvroSerdes(SERIALIZER, DESERIALIZER, config);
    }

    /** A producer that loses and doubles nothing. */
    public Producer<byte[], byte[]> newProducer() {
        return new KafkaProducer<>(producerConfig(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** As {@link #newProducer}, in transactions; another one of the same id is fenced off. */
    public Producer<byte[], byte[]> newTransactionalProducer(String transactionalId) {
        Map<String, Object> config = producerConfig();
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** What correctness needs stands last: no setting of the user has a record called written that can be lost. */
    Map<String, Object> producerConfig() {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, "annals");
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_LIMIT_MS);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_LIMIT_MS);
        // Full batches: small ones cost the broker, the service and us more than the wait.
        config.put(ProducerConfig.LINGER_MS_CONFIG, 100);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, 1 << 18);
        config.putAll(KafkaClients.settingsFor(ProducerConfig.configNames(), settings));
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return config;
    }

    /** Reads what is committed; belongs to no group. */
    public Consumer<byte[], byte[]> newConsumer() {
        return new KafkaConsumer<>(consumerConfig(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** For a producer that commits offsets of a group without members in its transactions. */
    public ConsumerGroupMetadata groupMetadata(String group) {
        Map<String, Object> config = consumerConfig();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return consumer.groupMetadata();
        }
    }

    /** As {@link #producerConfig}: nobody reads what may be taken back. */
    Map<String, Object> consumerConfig() {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, "annals");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // Only where what we follow was deleted meanwhile: results of others are passed over anyway.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // The service commits every few milliseconds: fewer, larger answers leave it the processor.
        config.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1 << 14);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
        config.putAll(KafkaClients.settingsFor(ConsumerConfig.configNames(), settings));
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return config;
    }

    /** What the services have recorded of their topics. */
    public PartitionCatalog catalog() {
        return new PartitionCatalog(topics.catalog(), clients().settings(), Broker.LIMIT);
    }

    /** Clients of small things, each of which gives up after {@link Broker#LIMIT}, whatever the settings say. */
    public KafkaClients clients() {
        Map<String, Object> config = new HashMap<>();
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(CommonClientConfigs.CLIENT_ID_CONFIG, "annals");
        config.putAll(settings);
        return new KafkaClients(config, Broker.LIMIT);
    }

    /**
     * As a service of the installation would have it.
     *
     * @throws OperationFailedException if a setting contradicts a promise
     */
    public ServiceConfig serviceConfig(TopicSettings topicSettings) {
        Map<String, String> all = new HashMap<>();
        settings.forEach((key, value) -> all.put("kafka." + key, value));
        all.put(ServiceConfig.BOOTSTRAP_SERVERS, bootstrapServers);
        all.put(ServiceConfig.STARTUP_TIMEOUT, Long.toString(Broker.LIMIT.toSeconds()));
        all.put(ServiceConfig.LOG_LEVEL, "WARN"); // a tool says itself what it does
        try {
            return ServiceConfig.of(Settings.of(all), 0).with(topics, topicSettings);
        } catch (StartupException e) {
            throw new OperationFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Values of settings, and what stands in the registry's URL, may be passwords. */
    @Override
    public String toString() {
        return "KafkaAccess[%s, prefix=%s, settings of %s]"
                .formatted(bootstrapServers, topics.prefix(), new TreeSet<>(settings.keySet()));
    }
}
