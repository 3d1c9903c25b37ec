package dev.annals.lanes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Logs as a consumer of what is committed reads them, in memory. Thread-safe. */
final class LaneLogs {

    private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    /** @return where it stands */
    synchronized long add(TopicPartition to, byte[] key, byte @Nullable [] value, long time, Headers headers) {
        List<ConsumerRecord<byte[], byte[]>> log = records.computeIfAbsent(to, unused -> new ArrayList<>());
        long offset = log.isEmpty() ? 0 : log.getLast().offset() + 1;
        log.add(new ConsumerRecord<>(
                to.topic(),
                to.partition(),
                offset,
                time,
                TimestampType.CREATE_TIME,
                key.length,
                value == null ? 0 : value.length,
                key,
                value,
                headers,
                Optional.empty()));
        return offset;
    }

    /** The newest time; 0 if it is empty. */
    synchronized long newest(TopicPartition of) {
        return records.getOrDefault(of, List.of()).stream()
                .mapToLong(ConsumerRecord::timestamp)
                .max()
                .orElse(0);
    }

    synchronized void remove(TopicPartition from, Predicate<ConsumerRecord<byte[], byte[]>> which) {
        records.getOrDefault(from, new ArrayList<>()).removeIf(which);
    }

    /**
     * Where what may be read ends, before records of an open transaction or behind markers; else at the last record.
     */
    synchronized void end(TopicPartition of, long end) {
        ends.put(of, end);
    }

    private synchronized long end(TopicPartition of) {
        List<ConsumerRecord<byte[], byte[]>> log = records.getOrDefault(of, List.of());
        return ends.getOrDefault(of, log.isEmpty() ? 0 : log.getLast().offset() + 1);
    }

    /** What may be read from here on. */
    private synchronized List<ConsumerRecord<byte[], byte[]>> from(TopicPartition partition, long offset, int most) {
        return records.getOrDefault(partition, List.of()).stream()
                .filter(each -> each.offset() >= offset && each.offset() < end(partition))
                .limit(most)
                .toList();
    }

    /** @param atATime the most records of a partition in a poll */
    Consumer<byte[], byte[]> consumer(int atATime) {
        return new LogConsumer(atATime);
    }

    private final class LogConsumer extends MockConsumer<byte[], byte[]> {

        private final int atATime;

        LogConsumer(int atATime) {
            super("none");
            this.atATime = atATime;
        }

        @Override
        public synchronized void assign(Collection<TopicPartition> partitions) {
            super.assign(partitions);
            updateBeginningOffsets(partitions.stream().collect(Collectors.toMap(each -> each, each -> 0L)));
        }

        @Override
        public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration limit) {
            return partitions.stream().collect(Collectors.toMap(each -> each, LaneLogs.this::end));
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration wait) {
            Set<TopicPartition> polled = new HashSet<>(assignment());
            polled.removeAll(paused());
            for (TopicPartition each : polled) {
                List<ConsumerRecord<byte[], byte[]>> next = from(each, position(each), atATime);
                next.forEach(this::addRecord);
                if (next.isEmpty()) {
                    seek(each, Math.max(position(each), end(each))); // behind markers
                }
            }
            return super.poll(wait);
        }
    }
}
