package dev.annals.cli.kafka;

import dev.annals.cli.client.CommandFailureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads what is committed in some topics from their beginning, and follows them. Every wait has a limit; for one thread. */
public final class CommittedReader implements AutoCloseable {

    /** Of each question to the brokers. */
    public static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    /** Without a step forward. */
    public static final Duration STALL_LIMIT = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaAccess kafka;
    private final BrokerAnswers answers;
    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions = new ArrayList<>();

    /**
     * A reader at the topics' beginnings.
     *
     * @throws CommandFailureException if no broker answers, or a topic is not there
     */
    public CommittedReader(KafkaAccess kafka, Collection<String> topics) {
        this.kafka = kafka;
        this.answers = new BrokerAnswers(kafka, ANSWER_LIMIT);
        this.consumer = kafka.newConsumer();
        try {
            topics.forEach(topic -> partitions.addAll(answers.asked(() -> partitionsOf(topic))));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private List<TopicPartition> partitionsOf(String topic) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic, ANSWER_LIMIT);
        if (infos == null || infos.isEmpty()) {
            throw new CommandFailureException(
                    "there is no topic %s at %s; is --topics-prefix right?".formatted(topic, kafka.bootstrapServers()),
                    null);
        }
        return infos.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    /** Where the committed records end now. */
    public Map<TopicPartition, Long> ends() {
        return answers.asked(() -> consumer.endOffsets(partitions, ANSWER_LIMIT));
    }

    /** Where the records begin now; earlier ones have been deleted. */
    public Map<TopicPartition, Long> begins() {
        return answers.asked(() -> consumer.beginningOffsets(partitions, ANSWER_LIMIT));
    }

    /** Goes on from these places. */
    public void seek(Map<TopicPartition, Long> places) {
        places.forEach((partition, offset) -> answers.asked(() -> {
            consumer.seek(partition, offset);
            return offset;
        }));
    }

    /**
     * Hands over all records from where the reader stands up to these ends, and none behind; each partition in its order.
     *
     * @throws CommandFailureException if nothing comes for {@link #STALL_LIMIT}
     */
    public void readTo(Map<TopicPartition, Long> ends, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> to) {
        Set<TopicPartition> open = new HashSet<>(ends.keySet());
        long lastStep = System.nanoTime();
        long stoodAt = -1;
        while (!closeThoseAt(ends, open)) {
            for (ConsumerRecord<byte[], byte[]> record : answers.asked(() -> consumer.poll(POLL))) {
                if (record.offset() < ends.getOrDefault(place(record), Long.MAX_VALUE)) {
                    to.accept(record);
                }
            }
            long standsAt = open.stream().mapToLong(this::position).sum();
            if (standsAt != stoodAt) {
                stoodAt = standsAt;
                lastStep = System.nanoTime();
            } else if (System.nanoTime() - lastStep > STALL_LIMIT.toNanos()) {
                throw new CommandFailureException(
                        "%s gave nothing more for %d s, before their end was reached; is the broker well?"
                                .formatted(open, STALL_LIMIT.toSeconds()),
                        null);
            }
        }
        consumer.resume(ends.keySet());
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
        return answers.asked(() -> consumer.position(partition, ANSWER_LIMIT));
    }

    private static TopicPartition place(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    /**
     * Hands over what has come since.
     *
     * @return how many records, 0 after a short wait
     */
    public int follow(java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> to) {
        var records = answers.asked(() -> consumer.poll(POLL));
        records.forEach(to);
        return records.count();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
