package dev.annals.lanes;

import dev.annals.engine.deciding.StateTopic;
import dev.annals.engine.deciding.StateTopic.Entry;
import dev.annals.engine.deciding.StoreKeys;
import dev.annals.engine.kafka.AggregateIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the states of a lane, in the transactions of its commands: every now and then those that have changed since
 * they were last published, a few at a time, as they are on disk. A pass ends by saying up to where the events are in
 * what is published. So a store that is begun anew elsewhere needs the events since the last pass, and no more.
 *
 * <p>The lane's thread's own.
 */
final class StatePublisher {

    private static final int STATES_AT_A_TIME = 200;

    /** Of states published together; one that is larger by itself goes alone. */
    private static final long BYTES_AT_A_TIME = 1L << 20;

    /** Between two times within a pass. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final LaneStore store;
    private final LaneLayout layout;
    private final String statesTopic;
    private final String eventsTopic;
    private final int maxRecordBytes;
    private final Duration every;

    private long dueAt;
    private @Nullable Pass pass;
    private @Nullable Part open;

    /**
     * @param cut up to where the events were on disk when it began
     * @param after the last aggregate that is published
     */
    private record Pass(
            Map<TopicPartition, Long> cut, @Nullable String after) {}

    /** What is in the open transaction. */
    private record Part(
            Map<String, Long> versions,
            boolean last,
            @Nullable String after) {}

    /** @param every from the end of a pass to the next one */
    StatePublisher(
            LaneStore store,
            LaneLayout layout,
            String statesTopic,
            String eventsTopic,
            int maxRecordBytes,
            Duration every) {
        this.store = store;
        this.layout = layout;
        this.statesTopic = statesTopic;
        this.eventsTopic = eventsTopic;
        this.maxRecordBytes = maxRecordBytes;
        this.every = every;
        this.dueAt = System.nanoTime() + every.toNanos();
    }

    boolean isDue() {
        return System.nanoTime() - dueAt > 0;
    }

    /**
     * What the transaction that is open publishes; nothing if none is due. {@link #committed} or {@link #aborted} says
     * what became of it.
     */
    List<ProducerRecord<byte[], byte[]>> next() {
        if (!isDue()) {
            return List.of();
        }
        Pass now = pass == null ? new Pass(cut(), null) : pass;
        Map<String, Long> versions = new LinkedHashMap<>();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Long> changed = store.changed(now.after, STATES_AT_A_TIME);
        long bytes = 0;
        String after = now.after;
        for (Map.Entry<String, Long> each : changed.entrySet()) {
            byte[] state = store.get(StoreKeys.state(each.getKey()));
            if (state != null) {
                if (bytes > 0 && bytes + state.length > BYTES_AT_A_TIME) {
                    break;
                }
                bytes += state.length;
                int partition = AggregateIds.partition(each.getKey(), layout.partitions());
                StateTopic.state(each.getKey(), state, maxRecordBytes)
                        .forEach(entry -> records.add(record(partition, entry)));
            }
            after = each.getKey();
            versions.put(each.getKey(), each.getValue());
        }
        boolean last = versions.size() == changed.size() && changed.size() < STATES_AT_A_TIME;
        if (last && after != null) { // a pass that found nothing says nothing
            now.cut.forEach((partition, next) -> records.add(record(partition.partition(), StateTopic.position(next))));
        }
        pass = now;
        open = new Part(versions, last, after);
        return records;
    }

    private Map<TopicPartition, Long> cut() {
        Map<TopicPartition, Long> cut = new HashMap<>(store.positions().next());
        cut.keySet().removeIf(each -> !each.topic().equals(eventsTopic));
        return cut;
    }

    private ProducerRecord<byte[], byte[]> record(int partition, Entry entry) {
        return new ProducerRecord<>(statesTopic, partition, entry.key(), entry.value());
    }

    /** @return of each state that is published now the version that was noted of it */
    Map<String, Long> committed() {
        Part done = open;
        if (done == null || pass == null) {
            return Map.of();
        }
        open = null;
        dueAt = System.nanoTime() + (done.last ? every : PAUSE).toNanos();
        pass = done.last ? null : new Pass(pass.cut, done.after);
        return done.versions;
    }

    /** It is published again. */
    void aborted() {
        open = null;
    }
}
