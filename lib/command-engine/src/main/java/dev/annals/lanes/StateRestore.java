package dev.annals.lanes;

import dev.annals.engine.deciding.StateCodec;
import dev.annals.engine.deciding.StateTopic;
import dev.annals.engine.deciding.StateTopic.Reader;
import dev.annals.engine.deciding.StoreKeys;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Fills a store that has no states from those that are published: states that the present code has folded are taken as
 * they are, and of all others the versions, which their aggregates keep whatever events are left.
 */
final class StateRestore {

    private static final Duration ASK_LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);

    private final LaneStore store;
    private final StateCodec<?> codec;
    private final String statesTopic;
    private final String eventsTopic;

    /** The last that each partition says; none where states of other code are among them. */
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    private boolean foreign;

    StateRestore(LaneStore store, StateCodec<?> codec, String statesTopic, String eventsTopic) {
        this.store = store;
        this.codec = codec;
        this.statesTopic = statesTopic;
        this.eventsTopic = eventsTopic;
    }

    /**
     * Reads to the end of what is committed.
     *
     * @param consumer with {@code read_committed}; stays the caller's to close, assigned to the topic of states
     * @param goOn false where nobody needs it any more
     * @return where to go on among the events of each partition; from the beginning where it is not among them
     * @throws LaneStoreException if the disk fails
     */
    Map<TopicPartition, Long> run(Consumer<byte[], byte[]> consumer, Set<Integer> partitions, BooleanSupplier goOn) {
        Set<TopicPartition> topic = partitions.stream()
                .map(each -> new TopicPartition(statesTopic, each))
                .collect(Collectors.toSet());
        consumer.assign(topic);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(topic, ASK_LIMIT);
        Map<TopicPartition, Long> ends = consumer.endOffsets(topic, ASK_LIMIT);
        begins.forEach(consumer::seek);
        Map<Integer, Reader> readers = new HashMap<>();
        while (goOn.getAsBoolean() && !isAt(consumer, ends)) {
            take(consumer.poll(POLL), readers);
        }
        return foreign ? Map.of() : Map.copyOf(positions);
    }

    private static boolean isAt(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(each -> consumer.position(each.getKey(), ASK_LIMIT) >= each.getValue());
    }

    private void take(ConsumerRecords<byte[], byte[]> polled, Map<Integer, Reader> readers) {
        store.write(batch -> {
            for (ConsumerRecord<byte[], byte[]> each : polled) {
                take(batch, each, readers.computeIfAbsent(each.partition(), unused -> new Reader()));
            }
        });
    }

    private void take(WriteBatch batch, ConsumerRecord<byte[], byte[]> record, Reader reader) throws RocksDBException {
        switch (reader.take(record.key(), record.value())) {
            case null -> {
                // more pieces follow, or it is left over
            }
            case StateTopic.Reader.Position(long next) ->
                positions.put(new TopicPartition(eventsTopic, record.partition()), next);
            case StateTopic.Reader.State(String id, byte[] state) -> {
                if (codec.wrote(state)) {
                    batch.put(StoreKeys.state(id), state);
                } else {
                    foreign = true;
                    store.putKnown(batch, id, StateCodec.known(state));
                }
            }
        }
    }
}
