package dev.annals.checker;

import dev.annals.checker.history.LoggedEvent;
import dev.annals.checker.history.LoggedResult;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.service.ServiceConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads whole topics, as a plain consumer with {@code read_committed} sees them. */
final class TopicLogs {

    /** Longer than a transaction can be open: 10 s, Kafka Streams' own timeout. */
    private static final Duration READ_LIMIT = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(100);

    private final ServiceConfig config;
    private final Collection<AggregateBinding<?, ?, ?>> bindings;

    TopicLogs(ServiceConfig config, Collection<AggregateBinding<?, ?, ?>> bindings) {
        this.config = config;
        this.bindings = List.copyOf(bindings);
    }

    /**
     * All events, each partition in its order.
     *
     * @throws TimeoutException if the end of a topic is not reached, since a transaction in it stays open
     */
    List<LoggedEvent> events() throws TimeoutException {
        List<LoggedEvent> events = new ArrayList<>();
        try (Deserializer<Object> deserializer = config.values().newDeserializer()) {
            for (AggregateBinding<?, ?, ?> binding : bindings) {
                String type = binding.type().name();
                for (ConsumerRecord<byte[], byte[]> record :
                        committed(config.topics().events(type))) {
                    var avro =
                            (IndexedRecord) deserializer.deserialize(record.topic(), record.headers(), record.value());
                    events.add(new LoggedEvent(
                            type,
                            new String(record.key(), StandardCharsets.UTF_8),
                            text(record.headers()),
                            binding.events(avro).getFirst(), // written in this run, so one of today's
                            record.partition(),
                            record.offset()));
                }
            }
        }
        return events;
    }

    /**
     * All results, each partition in its order.
     *
     * @throws TimeoutException as {@link #events}
     */
    List<LoggedResult> results() throws TimeoutException {
        List<LoggedResult> results = new ArrayList<>();
        try (Deserializer<Object> deserializer = config.values().newDeserializer()) {
            for (AggregateBinding<?, ?, ?> binding : bindings) {
                committed(config.topics().results(binding.type().name()))
                        .forEach(record -> results.add(LoggedResult.of(record, deserializer)));
            }
        }
        return results;
    }

    private static Map<String, String> text(Headers headers) {
        Map<String, String> text = new HashMap<>();
        headers.forEach(header -> text.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return text;
    }

    private List<ConsumerRecord<byte[], byte[]>> committed(String topic) throws TimeoutException {
        KafkaClients clients = new KafkaClients(config.kafka(), READ_LIMIT);
        try (Consumer<byte[], byte[]> consumer = clients.consumer(Map.of());
                Consumer<byte[], byte[]> uncommitted =
                        clients.consumer(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted"))) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            // Open transactions included: a committed reader gets there only when all have ended.
            Map<TopicPartition, Long> ends = uncommitted.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            long deadline = System.nanoTime() + READ_LIMIT.toNanos();
            // By position and not by count: transaction markers leave gaps.
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("%s could not be read to its end %s within %d s: a transaction is open"
                            .formatted(topic, ends, READ_LIMIT.toSeconds()));
                }
                consumer.poll(POLL).forEach(records::add);
            }
            return records;
        }
    }
}
