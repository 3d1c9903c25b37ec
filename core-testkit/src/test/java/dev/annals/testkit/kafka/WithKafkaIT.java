package dev.annals.testkit.kafka;

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
    private final KafkaCluster kafka;
    private final String topic;

    WithKafkaIT(KafkaCluster kafka) {
        this.kafka = kafka;
        this.topic = kafka.uniqueName("facts");
    }

    @BeforeEach
    void create_the_topic() {
        kafka.createTopic(topic, 3, Map.of("cleanup.policy", "compact"));
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
