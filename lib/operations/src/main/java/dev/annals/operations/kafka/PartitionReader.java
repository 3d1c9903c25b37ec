package dev.annals.operations.kafka;

import dev.annals.operations.OperationFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Consumer without a group that reads what is committed in the partitions of some topics, from any offsets to given
 * ends, and follows them. Each answer of a broker is waited for at most {@link Broker#LIMIT}, records at most
 * {@link #STALL_LIMIT}. For one thread.
 */
public final class PartitionReader implements AutoCloseable {

    /** Without a step forward. */
    public static final Duration STALL_LIMIT = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaAccess kafka;
    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions = new ArrayList<>();

    /**
     * A reader at the topics' beginnings.
     *
     * @throws OperationFailedException if no broker answers, or a topic is not there
     */
    public PartitionReader(KafkaAccess kafka, Collection<String> topics) {
        this.kafka = kafka;
        this.consumer = kafka.newConsumer();
        try {
            topics.forEach(topic -> partitions.addAll(Broker.asked(kafka, () -> partitionsOf(topic))));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private List<TopicPartition> partitionsOf(String topic) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic, Broker.LIMIT);
        if (infos == null || infos.isEmpty()) {
            throw new OperationFailedException(
                    "there is no topic %s at %s: is the prefix of topics right? A service makes its topics when it starts"
                            .formatted(topic, kafka.bootstrapServers()));
        }
        return infos.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    /** Where the committed records end now. */
    public Map<TopicPartition, Long> ends() {
        return Broker.asked(kafka, () -> consumer.endOffsets(partitions, Broker.LIMIT));
    }

    /** Where the records begin now; earlier ones have been deleted. */
    public Map<TopicPartition, Long> begins() {
        return Broker.asked(kafka, () -> consumer.beginningOffsets(partitions, Broker.LIMIT));
    }

    /** Goes on from these offsets. */
    public void seek(Map<TopicPartition, Long> offsets) {
        offsets.forEach(consumer::seek);
    }

    /**
     * Hands over all records from where the reader stands up to these ends, and none behind; each partition in its
     * order. Partitions without an end stay where they are.
     *
     * @throws OperationFailedException if nothing comes for {@link #STALL_LIMIT}
     */
    public void readTo(Map<TopicPartition, Long> ends, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> to) {
        consumer.pause(partitions);
        consumer.resume(ends.keySet());
        Set<TopicPartition> open = new HashSet<>(ends.keySet());
        long lastStep = System.nanoTime();
        long stoodAt = -1;
        while (!closeThoseAt(ends, open)) {
            for (ConsumerRecord<byte[], byte[]> record : poll()) {
                if (record.offset() < ends.getOrDefault(partition(record), 0L)) {
                    to.accept(record);
                }
            }
            long standsAt = open.stream().mapToLong(this::position).sum();
            if (standsAt != stoodAt) {
                stoodAt = standsAt;
                lastStep = System.nanoTime();
            } else if (System.nanoTime() - lastStep > STALL_LIMIT.toNanos()) {
                throw new OperationFailedException(
                        "%s gave nothing more for %d s, before their end was reached; is the broker well?"
                                .formatted(open, STALL_LIMIT.toSeconds()));
            }
        }
        consumer.resume(partitions);
    }

    /** By position and not by count: transaction markers and compacted records leave gaps. */
    private boolean closeThoseAt(Map<TopicPartition, Long> ends, Set<TopicPartition> open) {
        for (TopicPartition partition : List.copyOf(open)) {
            long end = ends.getOrDefault(partition, 0L);
            if (position(partition) >= end) {
                consumer.pause(List.of(partition));
                consumer.seek(partition, Math.max(end, 0));
                open.remove(partition);
            }
        }
        return open.isEmpty();
    }

    private long position(TopicPartition partition) {
        return Broker.asked(kafka, () -> consumer.position(partition, Broker.LIMIT));
    }

    private static TopicPartition partition(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    /** What has come since, or nothing after a short wait. */
    public ConsumerRecords<byte[], byte[]> poll() {
        return Broker.asked(kafka, () -> consumer.poll(POLL));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
