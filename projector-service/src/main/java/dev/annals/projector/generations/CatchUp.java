package dev.annals.projector.generations;

import dev.annals.projector.views.GroupOffsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The catch-up of one generation: whether it is so near the end of what it reads that the rest is read in a moment, and
 * whether it has read all that another had read, and what that made it write for itself. For one thread.
 */
final class CatchUp {

    /** Records, over all partitions: what comes within a commit or two under load. */
    private static final long NEAR = 1_000;

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    private final GroupOffsets offsets;
    private final String group;
    private final Set<String> events;
    private final String parts;
    private final Map<TopicPartition, Seen> seen = new HashMap<>();
    private @Nullable Map<TopicPartition, Long> lastParts;

    /**
     * That there were records from an offset on. To look costs a consumer, which an application that starts has to wait
     * for.
     */
    private record Seen(long from, long atNanos) {

        boolean isStillThere(long asked) {
            return from == asked && System.nanoTime() - atNanos < LOOK_AGAIN.toNanos();
        }
    }

    /** @param parts the topic between its two steps, which need not exist */
    CatchUp(GroupOffsets offsets, String group, Set<String> events, String parts) {
        this.offsets = offsets;
        this.group = group;
        this.events = events;
        this.parts = parts;
    }

    /**
     * Whether its application reads all partitions of events, and is near the end. Asks for the ends after the offsets:
     * what comes in between counts as missing.
     */
    boolean hasCaughtUp() throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = offsets.commits(group);
        Set<TopicPartition> sources = offsets.partitions(events);
        sources.addAll(offsets.partitions(Set.of(parts)));
        long left = 0;
        for (Map.Entry<TopicPartition, Long> end :
                offsets.endsOfFilled(sources, IsolationLevel.READ_COMMITTED).entrySet()) {
            OffsetAndMetadata next = committed.get(end.getKey());
            // Streams notes beside an offset how far time is; without that, an application has not come to the
            // partition, or
            // still restores its stores.
            if (next != null && !next.metadata().isEmpty()) {
                left += Math.max(0, end.getValue() - next.offset());
            } else if (hasRecords(end.getKey(), next == null ? 0 : next.offset(), end.getValue())) {
                return false;
            }
        }
        return left <= NEAR;
    }

    /** As {@link GroupOffsets#hasRecords}; what was seen from there on is taken to be there still. */
    private boolean hasRecords(TopicPartition partition, long from, long to) {
        Seen before = seen.get(partition);
        if (before != null && before.isStillThere(from)) {
            return true;
        }
        if (offsets.hasRecords(partition, from, to)) {
            seen.put(partition, new Seen(from, System.nanoTime()));
            return true;
        }
        return false;
    }

    /**
     * Whether it is nowhere behind another generation, which stands still. Ask until it says so.
     *
     * @param other of the other's group
     */
    boolean isNowhereBehind(String other) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> partsToRead = lastParts;
        if (partsToRead == null) {
            Map<TopicPartition, Long> eventsToRead = new HashMap<>(offsets.committedForGood(other));
            eventsToRead.keySet().removeIf(partition -> !events.contains(partition.topic()));
            if (hasRead(eventsToRead)) {
                lastParts = offsets.endsOfFilled(offsets.partitions(Set.of(parts)), IsolationLevel.READ_UNCOMMITTED);
            }
            return false;
        }
        return hasRead(partsToRead);
    }

    /**
     * Streams commits only past what it processed. Where a partition ends with markers of transactions, or with an
     * aborted one, its group can stay before them for ever, with nothing left to read.
     */
    private boolean hasRead(Map<TopicPartition, Long> next) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> committed = offsets.committed(Set.of(group)).getOrDefault(group, Map.of());
        for (Map.Entry<TopicPartition, Long> each : next.entrySet()) {
            long read = committed.getOrDefault(each.getKey(), 0L);
            if (read < each.getValue() && offsets.hasRecords(each.getKey(), read, each.getValue())) {
                return false;
            }
        }
        return true;
    }
}
