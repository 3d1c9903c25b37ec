package dev.annals.checker.fuzz;

import dev.annals.checker.fuzz.RecordInput.Fate;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.service.ServiceConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Where each record came to stand, and which of them has to be, may be or must not be among the dead letters.
 * Thread-safe.
 */
final class Ledger {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int SHOWN = 5;

    private final Map<TopicPartition, Map<Fate, BitSet>> sent = new HashMap<>();
    private final Map<TopicPartition, Map<Integer, Long>> numbers = new HashMap<>();

    /** @param buried how many dead letters there are */
    record Outcome(long buried, List<String> findings) {

        Outcome {
            findings = List.copyOf(findings);
        }
    }

    /** @param number of the input */
    synchronized void add(TopicPartition partition, long offset, long number, Fate fate) {
        numbers.computeIfAbsent(partition, any -> new HashMap<>()).put((int) offset, number);
        sent.computeIfAbsent(partition, any -> new HashMap<>())
                .computeIfAbsent(fate, any -> new BitSet())
                .set((int) offset);
    }

    synchronized long count(Fate fate) {
        return sent.values().stream()
                .mapToLong(each -> each.getOrDefault(fate, new BitSet()).cardinality())
                .sum();
    }

    /**
     * Reads all dead letters and compares.
     *
     * @param types of aggregates
     * @throws TimeoutException if they can't be read to their ends in time
     */
    synchronized Outcome compare(ServiceConfig config, Collection<String> types) throws TimeoutException {
        Map<TopicPartition, BitSet> buried = new HashMap<>();
        List<String> findings = new ArrayList<>();
        long count = 0;
        for (String type : types) {
            for (ConsumerRecord<byte[], byte[]> each :
                    all(config, config.topics().deadLetters(type))) {
                count++;
                TopicPartition partition = new TopicPartition(
                        String.valueOf(HeaderName.DEAD_LETTER_TOPIC.in(each.headers())),
                        number(HeaderName.DEAD_LETTER_PARTITION, each));
                int offset = number(HeaderName.DEAD_LETTER_OFFSET, each);
                BitSet known = buried.computeIfAbsent(partition, any -> new BitSet());
                if (known.get(offset)) {
                    findings.add("%s@%d is twice among the dead letters".formatted(partition, offset));
                }
                known.set(offset, lastOffset(each, offset) + 1);
                if (isOf(Fate.DECIDED, partition, offset)) {
                    findings.add("%s@%d is a right command, but a dead letter: %s"
                            .formatted(partition, offset, HeaderName.DEAD_LETTER_MESSAGE.in(each.headers())));
                }
                String reason = String.valueOf(HeaderName.DEAD_LETTER_REASON.in(each.headers()));
                if (reason.equals("handler-failed")) {
                    findings.add("%s@%d, %s: a handler threw: %s"
                            .formatted(
                                    partition,
                                    offset,
                                    input(partition, offset),
                                    HeaderName.DEAD_LETTER_MESSAGE.in(each.headers())));
                }
            }
        }
        sent.forEach((partition, fates) -> {
            BitSet missing =
                    (BitSet) fates.getOrDefault(Fate.BURIED, new BitSet()).clone();
            missing.andNot(buried.getOrDefault(partition, new BitSet()));
            if (!missing.isEmpty()) {
                findings.add("%,d records of %s can't be decided, and are no dead letters, the first at %s"
                        .formatted(
                                missing.cardinality(),
                                partition,
                                missing.stream()
                                        .limit(SHOWN)
                                        .mapToObj(offset -> input(partition, offset))
                                        .toList()));
            }
        });
        return new Outcome(count, findings);
    }

    private String input(TopicPartition partition, int offset) {
        return "record:" + numbers.getOrDefault(partition, Map.of()).get(offset);
    }

    private boolean isOf(Fate fate, TopicPartition partition, int offset) {
        return sent.getOrDefault(partition, Map.of())
                .getOrDefault(fate, new BitSet())
                .get(offset);
    }

    /** One dead letter stands for all that nobody can read in a row. */
    private static int lastOffset(ConsumerRecord<?, ?> letter, int offset) {
        return HeaderName.DEAD_LETTER_LAST_OFFSET.in(letter.headers()) == null
                ? offset
                : number(HeaderName.DEAD_LETTER_LAST_OFFSET, letter);
    }

    private static int number(HeaderName name, ConsumerRecord<?, ?> record) {
        return Integer.parseInt(String.valueOf(name.in(record.headers())));
    }

    private static List<ConsumerRecord<byte[], byte[]>> all(ServiceConfig config, String topic)
            throws TimeoutException {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = new KafkaClients(config.kafka(), LIMIT).consumer(Map.of())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("%s could not be read within %s".formatted(topic, LIMIT));
                }
                consumer.poll(POLL)
                        .forEach(each -> all.add(new ConsumerRecord<>(
                                each.topic(),
                                each.partition(),
                                each.offset(),
                                each.timestamp(),
                                each.timestampType(),
                                0,
                                0,
                                null,
                                null,
                                each.headers(),
                                each.leaderEpoch())));
            }
        }
        return all;
    }
}
