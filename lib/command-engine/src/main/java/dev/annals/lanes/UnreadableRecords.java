package dev.annals.lanes;

import dev.annals.engine.kafka.KafkaClients;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds where it goes on behind a record that Kafka's client can't parse, though its checksum is right and brokers took
 * it: one that was counted wrongly by who sent it (Kafka's own producer, with half a surrogate pair in a header's
 * name). It takes all behind it in its batch along. A fetch from any offset of a batch parses that batch from its
 * beginning, and no client tells where it ends; so offset after offset is asked for until one can be read.
 *
 * <p>By the thread that polls. Its member goes on with other partitions meanwhile.
 */
final class UnreadableRecords implements AutoCloseable {

    /** Of each round of the thread that polls. */
    private static final Duration SLICE = Duration.ofMillis(200);

    /** To learn which partition it is, while nothing is polled. */
    private static final Duration SUSPECTS_LIMIT = Duration.ofSeconds(5);

    private static final Duration FETCH_LIMIT = Duration.ofSeconds(1);

    private static final Map<String, Object> BATCH_BY_BATCH = Map.of(
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            1,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            1,
            ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
            1,
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            20);

    /**
     * Records that are lost to every Java client.
     *
     * @param from the first of them
     * @param next the first offset behind them
     * @param why in Kafka's words
     */
    record Gap(TopicPartition partition, long from, long next, String why) {

        long last() {
            return next - 1;
        }

        /** For people. */
        String message() {
            return "Kafka's client can't read what stands at offsets %d to %d: %s".formatted(from, last(), why);
        }
    }

    private enum Reading {
        SOME,
        UNREADABLE,
        NOTHING_YET
    }

    /** @param logEnd when it began: at the latest there it goes on */
    private record Search(long from, long next, long logEnd, String why) {

        Search further() {
            return new Search(from, next + 1, logEnd, why);
        }
    }

    private final KafkaClients clients;
    private final Map<TopicPartition, Search> searches = new HashMap<>();
    private @Nullable Consumer<byte[], byte[]> reader;

    UnreadableRecords(KafkaClients clients) {
        this.clients = clients;
    }

    /**
     * Begins to search where a poll has failed at such a record. Its partition is paused until it has been found.
     *
     * @return whether it has failed at one
     */
    boolean begin(KafkaException failure, Consumer<?, ?> member) {
        InvalidRecordException why = cause(failure);
        if (why == null) {
            return false;
        }
        Set<TopicPartition> suspects = new HashSet<>(member.assignment());
        suspects.removeAll(member.paused());
        Map<TopicPartition, Long> ends = reader().endOffsets(suspects);
        long limit = System.nanoTime() + SUSPECTS_LIMIT.toNanos();
        for (TopicPartition each : suspects) {
            long position = member.position(each);
            long end = ends.getOrDefault(each, 0L);
            if (position < end && System.nanoTime() < limit && read(each, position) == Reading.UNREADABLE) {
                searches.put(each, new Search(position, position + 1, end, String.valueOf(why.getMessage())));
                member.pause(List.of(each));
                return true;
            }
        }
        return false;
    }

    boolean isSearched(TopicPartition partition) {
        return searches.containsKey(partition);
    }

    /**
     * Goes on with what is searched, for a short while.
     *
     * @param found is told, with the partition still paused and its position before the gap
     */
    void search(Consumer<?, ?> member, java.util.function.Consumer<Gap> found) {
        long limit = System.nanoTime() + SLICE.toNanos();
        Iterator<Map.Entry<TopicPartition, Search>> each = searches.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<TopicPartition, Search> entry = each.next();
            TopicPartition partition = entry.getKey();
            long from = entry.getValue().from;
            if (!member.paused().contains(partition) || member.position(partition) != from) {
                each.remove(); // assigned anew, and met anew
            } else if (isFound(entry, limit)) {
                Search search = entry.getValue();
                each.remove();
                found.accept(new Gap(partition, from, search.next, search.why));
            }
        }
        if (searches.isEmpty()) {
            close();
        }
    }

    private boolean isFound(Map.Entry<TopicPartition, Search> search, long limit) {
        while (search.getValue().next < search.getValue().logEnd) {
            Reading reading =
                    System.nanoTime() < limit ? read(search.getKey(), search.getValue().next) : Reading.NOTHING_YET;
            if (reading != Reading.UNREADABLE) {
                return reading == Reading.SOME;
            }
            search.setValue(search.getValue().further());
        }
        return true;
    }

    private Reading read(TopicPartition partition, long offset) {
        Consumer<byte[], byte[]> asked = reader();
        Set<TopicPartition> one = Set.of(partition);
        if (!asked.assignment().equals(one)) {
            asked.assign(one);
        }
        asked.seek(partition, offset);
        try {
            boolean some = !asked.poll(FETCH_LIMIT).isEmpty() || asked.position(partition) > offset; // behind markers
            return some ? Reading.SOME : Reading.NOTHING_YET;
        } catch (KafkaException e) {
            if (cause(e) == null) {
                throw e;
            }
            return Reading.UNREADABLE;
        }
    }

    /** Not of a wrong checksum, which is another exception: the next fetch may have the right one. */
    private static @Nullable InvalidRecordException cause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidRecordException invalid) {
                return invalid;
            }
        }
        return null;
    }

    private Consumer<byte[], byte[]> reader() {
        if (reader == null) {
            reader = clients.consumer(BATCH_BY_BATCH);
        }
        return reader;
    }

    /** Forgets what is searched. */
    @Override
    public void close() {
        searches.clear();
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
