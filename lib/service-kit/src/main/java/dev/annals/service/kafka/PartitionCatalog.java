package dev.annals.service.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.service.StartupException;
import dev.annals.service.http.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * With how many partitions the topics of each aggregate type were made: a topic of one partition, key: aggregate type,
 * value: {@code {"partitions":4}}. The first record of a type counts, for ever, so services that write at the same time
 * agree by reading back; that is why the topic is kept and not compacted, which would keep the last.
 */
final class PartitionCatalog {

    private static final String PARTITIONS = "partitions";
    private static final int ONLY_PARTITION = 0;
    private static final Duration POLL = Duration.ofMillis(200);

    private final String topic;
    private final KafkaClients clients;
    private final Duration limit;

    /**
     * @param kafka settings of the clients; what they don't know is left out
     * @param limit of one reading and of one writing
     */
    PartitionCatalog(String topic, Map<String, Object> kafka, Duration limit) {
        this.topic = topic;
        this.clients = new KafkaClients(kafka, limit);
        this.limit = limit;
    }

    /**
     * What is recorded, by aggregate type.
     *
     * @throws TimeoutException if the broker does not answer in time
     * @throws StartupException if a record can't be read
     */
    Map<String, Integer> read() {
        TopicPartition partition = new TopicPartition(topic, ONLY_PARTITION);
        Map<String, Integer> first = new LinkedHashMap<>();
        try (Consumer<byte[], byte[]> consumer = clients.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Long end = consumer.endOffsets(List.of(partition)).get(partition);
            long deadline = System.nanoTime() + limit.toNanos();
            while (end != null && consumer.position(partition) < end) {
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("topic %s was not read to its end in time".formatted(topic));
                }
                consumer.poll(POLL).forEach(record -> take(record, first));
            }
        }
        return first;
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Map<String, Integer> first) {
        JsonNode partitions = partitions(record.value());
        if (record.key() == null || partitions == null || !partitions.canConvertToInt() || partitions.intValue() < 1) {
            throw new StartupException(
                    ("topic %s, offset %d: expected an aggregate type as key and {\"%s\":4} as value; nobody but the services"
                                    + " may write there")
                            .formatted(topic, record.offset(), PARTITIONS));
        }
        first.putIfAbsent(new String(record.key(), StandardCharsets.UTF_8), partitions.intValue());
    }

    private static @Nullable JsonNode partitions(byte @Nullable [] value) {
        try {
            return value == null ? null : Json.mapper().readTree(value).get(PARTITIONS);
        } catch (IOException e) {
            return null; // No JSON: the caller says what was expected.
        }
    }

    /**
     * Records numbers; where a type has one already, that one stays.
     *
     * @throws ExecutionException if the broker does not take them
     */
    void write(Map<String, Integer> partitions) throws ExecutionException, InterruptedException {
        try (Producer<byte[], byte[]> producer = clients.producer(Map.of())) {
            for (Map.Entry<String, Integer> each : partitions.entrySet()) {
                byte[] type = each.getKey().getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(topic, ONLY_PARTITION, type, json(each.getValue())))
                        .get();
            }
        }
    }

    private static byte[] json(int partitions) {
        try {
            return Json.mapper().writeValueAsBytes(Map.of(PARTITIONS, partitions));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a number can always be written", e);
        }
    }
}
