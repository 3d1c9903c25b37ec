package dev.annals.testsupport.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithKafka
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class WithKafkaIT {
    private static final int NEW_TOPICS = 60;
    private static final int PARTITIONS = 3;

    private final KafkaCluster kafka;
    private final String topic;

    WithKafkaIT(KafkaCluster kafka) {
        this.kafka = kafka;
        this.topic = kafka.uniqueName("facts");
    }

    @BeforeEach
    void create_the_topic() {
        kafka.createTopic(topic, PARTITIONS, Map.of("cleanup.policy", "compact"));
    }

    @Test
    void an_aborted_transaction_is_not_read() throws Exception {
        try (KafkaProducer<String, String> producer = transactionalProducer()) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "k", "aborted")).get(10, TimeUnit.SECONDS);
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "k", "committed")).get(10, TimeUnit.SECONDS);
            producer.commitTransaction();
        }

        assertThat(values(kafka.awaitRecords(topic, 1, Duration.ofSeconds(10)))).containsExactly("committed");
        assertThat(values(kafka.records(topic))).containsExactly("committed");
    }

    @Test
    void an_empty_topic_has_no_records() {
        assertThat(kafka.records(topic)).isEmpty();
    }

    @Test
    void too_few_records_fail_within_the_limit() {
        assertThatThrownBy(() -> kafka.awaitRecords(topic, 1, Duration.ofMillis(200)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("0 records");
    }

    @Test
    void a_topic_that_exists_is_not_made_again() {
        assertThatThrownBy(() -> kafka.createTopic(topic, 1, Map.of())).hasMessageContaining(topic);
    }

    /** Without waiting for the leaders, one topic in fifteen had a batch refused, and one in two hundred lost it. */
    @Test
    void no_leader_of_a_new_topic_refuses_what_is_written_to_it() {
        for (int round = 0; round < NEW_TOPICS; round++) {
            String fresh = kafka.uniqueName("fresh");
            kafka.createTopic(fresh, PARTITIONS, Map.of());

            assertThat(retries(fresh)).as("batches tried again in " + fresh).isZero();
        }
    }

    /** Of records that follow each other closely, in batches that don't wait for those before. */
    private double retries(String fresh) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 0, "delivery.timeout.ms", 30_000),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < 1_000; i++) {
                var unused = producer.send(new ProducerRecord<>(fresh, i % PARTITIONS, "k", "v"));
            }
            producer.flush();
            return producer.metrics().values().stream()
                    .filter(metric -> metric.metricName().name().equals("record-retry-total"))
                    .filter(metric -> metric.metricName().group().equals("producer-metrics"))
                    .mapToDouble(metric -> (double) metric.metricValue())
                    .sum();
        }
    }

    @Test
    void the_registry_is_a_mock_unless_asked(KafkaCluster injected) {
        assertThat(injected).isSameAs(kafka);
        assertThat(kafka.registryUrl()).startsWith("mock://");
    }

    private KafkaProducer<String, String> transactionalProducer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", kafka.uniqueName("writer")),
                new StringSerializer(),
                new StringSerializer());
    }

    private static List<String> values(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> new String(record.value(), UTF_8)).toList();
    }
}
