package dev.annals.testsupport.kafka;

import dev.annals.engine.kafka.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What a topic holds, as any client sees it: {@code read_committed}, all partitions from their beginning, keys, values
 * and headers as bytes. Records of one partition are in their order; partitions are mixed.
 */
public final class CommittedRecords {
    private static final Duration READ_LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    private CommittedRecords() {}

    /**
     * Everything up to the end that the topic has now: up to the first record of a transaction that is still open.
     *
     * @throws AssertionError if the end is not reached within 30 s
     */
    public static List<ConsumerRecord<byte[], byte[]>> toEnd(String bootstrapServers, String topic) {
        try (Reader reader = new Reader(bootstrapServers, topic)) {
            Map<TopicPartition, Long> ends = reader.ends();
            return reader.readUntil(() -> reader.isAt(ends), READ_LIMIT, "the end");
        }
    }

    /**
     * Reads until at least {@code count} records are there, and returns all that were read.
     *
     * @throws AssertionError if fewer are there within the limit; says how many
     */
    public static List<ConsumerRecord<byte[], byte[]>> atLeast(
            String bootstrapServers, String topic, int count, Duration limit) {
        try (Reader reader = new Reader(bootstrapServers, topic)) {
            return reader.readUntil(() -> reader.records.size() >= count, limit, count + " records");
        }
    }

    private static final class Reader implements AutoCloseable {
        private final String topic;
        private final Consumer<byte[], byte[]> consumer;
        private final List<TopicPartition> partitions;
        private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

        Reader(String bootstrapServers, String topic) {
            this.topic = topic;
            // A close waits for the fetch that is under way.
            this.consumer = new KafkaClients(Map.of("bootstrap.servers", bootstrapServers), READ_LIMIT)
                    .consumer(Map.of("fetch.max.wait.ms", 20));
            this.partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        Map<TopicPartition, Long> ends() {
            return consumer.endOffsets(partitions);
        }

        /** By position and not by count: transaction markers and compacted records leave gaps. */
        boolean isAt(Map<TopicPartition, Long> ends) {
            return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        }

        List<ConsumerRecord<byte[], byte[]>> readUntil(BooleanSupplier done, Duration limit, String wanted) {
            long deadline = System.nanoTime() + limit.toNanos();
            while (!done.getAsBoolean()) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError(topic + " did not reach " + wanted + " within " + limit + ": "
                            + records.size() + " records");
                }
                consumer.poll(POLL).forEach(records::add);
            }
            return List.copyOf(records);
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
