package dev.annals.engine.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Tells a processor when its stream thread has processed everything that it has polled: the moment to commit. Waiting
 * for the commit interval instead would add it to the latency of a lone record, and a short interval would cost
 * throughput under load.
 *
 * <p>Streams shows a processor neither its buffers nor its lag, so an interceptor of the main consumer counts what each
 * poll hands over; consumer and processors share a thread. Where it is not {@linkplain #install installed}, or another
 * processor of the thread doesn't count, nothing is ever {@link #processed} to the end, and the commit interval alone
 * rules.
 */
public final class PolledRecords {

    private static final String INTERCEPTORS = ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG;

    /** What the main consumer takes its interceptors from, the strongest first. */
    private static final List<String> SETTINGS = List.of(
            StreamsConfig.mainConsumerPrefix(INTERCEPTORS), StreamsConfig.consumerPrefix(INTERCEPTORS), INTERCEPTORS);

    private static final ThreadLocal<PolledRecords> OF_THREAD = ThreadLocal.withInitial(PolledRecords::new);

    private final Map<TopicPartition, Integer> waiting = new HashMap<>();
    private int total;
    private boolean moreAtBroker;
    private long lastEnd = System.nanoTime() - Duration.ofDays(1).toNanos();

    private PolledRecords() {}

    /** The configuration of a Streams application with the count installed, after the operator's own interceptors. */
    public static Map<String, Object> install(Map<String, Object> streams) {
        String ours = Counter.class.getName();
        String all = SETTINGS.stream()
                .map(streams::get)
                .filter(Objects::nonNull)
                .findFirst()
                .map(theirs -> theirs + "," + ours)
                .orElse(ours);
        Map<String, Object> installed = new LinkedHashMap<>(streams);
        installed.put(SETTINGS.getFirst(), all);
        return installed;
    }

    public static PolledRecords ofThread() {
        return OF_THREAD.get();
    }

    private void polled(ConsumerRecords<?, ?> records, int most) {
        for (TopicPartition partition : records.partitions()) {
            int count = records.records(partition).size();
            waiting.merge(partition, count, Integer::sum);
            total += count;
        }
        moreAtBroker = records.count() >= most;
    }

    /** @return whether it was the last that the thread had polled, and the broker seems to have no more */
    public boolean processed(TopicPartition partition) {
        Integer count = waiting.get(partition);
        if (count == null || count == 0) {
            return false;
        }
        waiting.put(partition, count - 1);
        total--;
        return total == 0 && !moreAtBroker;
    }

    /**
     * As {@link #processed(TopicPartition)}, and the last time that this was so is longer ago than a pause. For commits
     * that nobody waits for as for an answer: under load they come by the commit interval.
     */
    public boolean processed(TopicPartition partition, Duration pause) {
        boolean end = processed(partition) && System.nanoTime() - lastEnd > pause.toNanos();
        if (end) {
            lastEnd = System.nanoTime();
        }
        return end;
    }

    /**
     * Forgets the records of a task that is closed: this thread will not process them.
     *
     * @param partition the task's, of all its topics; should another task of the thread have the same, its next end is
     *     not seen, and the commit interval rules once
     */
    public void drop(int partition) {
        waiting.entrySet().removeIf(each -> {
            boolean dropped = each.getKey().partition() == partition;
            total -= dropped ? each.getValue() : 0;
            return dropped;
        });
    }

    /**
     * Counts what the polls of a stream thread's main consumer hand over. Made by Kafka's client, from the
     * configuration.
     */
    public static final class Counter implements ConsumerInterceptor<byte[], byte[]> {

        private int maxPollRecords = ConsumerConfig.DEFAULT_MAX_POLL_RECORDS;

        @Override
        public void configure(Map<String, ?> config) {
            Object most = config.get(ConsumerConfig.MAX_POLL_RECORDS_CONFIG);
            if (most != null) {
                maxPollRecords = Integer.parseInt(most.toString());
            }
        }

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            ofThread().polled(records, maxPollRecords);
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            // Streams commits with its transactions.
        }

        @Override
        public void close() {
            // The count ends with its thread.
        }
    }
}
