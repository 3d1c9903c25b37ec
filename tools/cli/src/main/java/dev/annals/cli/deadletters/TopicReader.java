package dev.annals.cli.deadletters;

import dev.annals.cli.client.CommandFailureException;
import dev.annals.cli.kafka.BrokerAnswers;
import dev.annals.cli.kafka.KafkaAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads what is committed in some topics. Every wait has a limit; one thread. */
final class TopicReader implements AutoCloseable {

    /** Only so many of the newest offsets of a partition are looked at: a bug can bury millions. */
    static final long MAX_SCANNED = 100_000;

    static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    static final Duration READ_LIMIT = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(200);

    private final BrokerAnswers answers;
    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions = new ArrayList<>();

    /**
     * A reader at the topics' ends.
     *
     * @throws CommandFailureException if no broker answers, or there is no such topic
     */
    TopicReader(KafkaAccess kafka, String... topics) {
        this.answers = new BrokerAnswers(kafka, ANSWER_LIMIT);
        this.consumer = kafka.newConsumer();
        try {
            for (String topic : topics) {
                partitions.addAll(answers.asked(() -> partitionsOf(topic)));
            }
            consumer.assign(partitions);
            ends().forEach(consumer::seek);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private List<TopicPartition> partitionsOf(String topic) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic, ANSWER_LIMIT);
        if (infos == null || infos.isEmpty()) {
            throw new CommandFailureException(
                    ("there is no topic %s: is the aggregate type right, and --topics-prefix? The command service makes the"
                                    + " topic when it starts")
                            .formatted(topic),
                    null);
        }
        return infos.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private Map<TopicPartition, Long> ends() {
        return answers.asked(() -> consumer.endOffsets(partitions, ANSWER_LIMIT));
    }

    /** The newest dead letters that are wanted, at most so many, the newest last. */
    List<DeadLetter> newest(int limit, Predicate<DeadLetter> wanted) {
        Map<TopicPartition, Long> ends = ends();
        answers.asked(() -> consumer.beginningOffsets(partitions, ANSWER_LIMIT))
                .forEach((partition, begin) ->
                        consumer.seek(partition, Math.max(begin, ends.getOrDefault(partition, 0L) - MAX_SCANNED)));
        PriorityQueue<DeadLetter> newest = new PriorityQueue<>(DeadLetter.BY_TIME);
        long deadline = System.nanoTime() + READ_LIMIT.toNanos();
        while (!isAt(ends)) {
            requireTime(deadline);
            for (ConsumerRecord<byte[], byte[]> record : poll()) {
                DeadLetter letter = DeadLetter.of(record);
                if (wanted.test(letter)) {
                    newest.add(letter);
                }
                if (newest.size() > limit) {
                    newest.remove();
                }
            }
        }
        return newest.stream().sorted(DeadLetter.BY_TIME).toList();
    }

    /** By position and not by count: transaction markers leave gaps. */
    private boolean isAt(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> answers.asked(() -> consumer.position(end.getKey(), ANSWER_LIMIT)) >= end.getValue());
    }

    /** The record at a place of the only topic; empty where none stands. */
    Optional<ConsumerRecord<byte[], byte[]>> at(Place place) {
        TopicPartition partition = new TopicPartition(partitions.getFirst().topic(), place.partition());
        Long end = ends().get(partition);
        Long begin = answers.asked(() -> consumer.beginningOffsets(partitions, ANSWER_LIMIT))
                .get(partition);
        if (begin == null || end == null || place.offset() < begin || place.offset() >= end) {
            return Optional.empty();
        }
        consumer.seek(partition, place.offset());
        long deadline = System.nanoTime() + READ_LIMIT.toNanos();
        while (answers.asked(() -> consumer.position(partition, ANSWER_LIMIT)) <= place.offset()) {
            requireTime(deadline);
            Collection<ConsumerRecord<byte[], byte[]>> records = poll().records(partition);
            if (!records.isEmpty()) {
                return records.stream().findFirst().filter(record -> record.offset() == place.offset());
            }
        }
        return Optional.empty();
    }

    /** What has come since, or nothing after a short wait. */
    ConsumerRecords<byte[], byte[]> poll() {
        return answers.asked(() -> consumer.poll(POLL));
    }

    private static void requireTime(long deadline) {
        if (System.nanoTime() > deadline) {
            throw new CommandFailureException(
                    "the dead letters were not read within %d s; try again when the broker is less busy"
                            .formatted(READ_LIMIT.toSeconds()),
                    null);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
