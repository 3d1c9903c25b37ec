package dev.annals.operations.verify;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.CommandTopology;
import dev.annals.engine.deciding.StoredStates;
import dev.annals.engine.deciding.StoredStates.StoredState;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.kafka.PartitionReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Compares the states with which the command services decide, as the changelog of their store has them, with a fold of
 * all events. Both topics are followed while something differs, as {@link ViewCheck} does.
 */
final class StateCheck<S extends Record, E> {

    private final String eventsTopic;
    private final PartitionReader reader;
    private final StateFold<S, E> fold;
    private final StoredStates stored;
    private final RowComparison comparison;
    private final Map<String, String> held = new HashMap<>();
    private final Set<String> ofOtherCode = new HashSet<>();
    private boolean first = true;

    private StateCheck(
            AggregateBinding<?, S, E> type, String eventsTopic, PartitionReader reader, Deserializer<Object> decoding) {
        this.eventsTopic = eventsTopic;
        this.reader = reader;
        this.fold = new StateFold<>(type, new EventDecoder(type, decoding));
        this.stored = StoredStates.of(type.type());
        this.comparison = new RowComparison(fold::canonical);
    }

    /** @throws OperationFailedException if an event can't be folded, or a state can't be read */
    static <S extends Record, E> Verification.StateReport run(
            AggregateBinding<?, S, E> type, KafkaAccess kafka, Duration settle, int mostDifferences) {
        String name = type.type().name();
        String events = kafka.topics().events(name);
        List<String> topics = List.of(events, CommandTopology.changelog(kafka.topics(), name));
        try (PartitionReader reader = new PartitionReader(kafka, topics);
                Deserializer<Object> deserializer = kafka.serdes().newDeserializer()) {
            return new StateCheck<>(type, events, reader, deserializer).run(settle, mostDifferences);
        }
    }

    private Verification.StateReport run(Duration settle, int mostDifferences) {
        reader.readTo(reader.ends(), this::take);
        first = false;
        held.forEach(comparison::compare);
        fold.ids().stream()
                .filter(id -> !held.containsKey(id) && !ofOtherCode.contains(id))
                .forEach(id -> comparison.compare(id, null));
        comparison.settle(settle, this::follow);
        return new Verification.StateReport(comparison.end(mostDifferences), ofOtherCode.size());
    }

    private boolean follow() {
        var came = reader.poll();
        came.forEach(this::take);
        return came.isEmpty();
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.topic().equals(eventsTopic)) {
                comparison.changed(fold.take(record));
            } else {
                hold(record);
            }
        } catch (RuntimeException e) {
            throw new OperationFailedException(
                    "the record at %s-%d@%d can't be folded into a state: %s"
                            .formatted(
                                    record.topic(), record.partition(), record.offset(), RegistryFailures.describe(e)),
                    e);
        }
    }

    private void hold(ConsumerRecord<byte[], byte[]> record) {
        StoredState state = stored.read(record.key(), record.value());
        if (state == null) {
            return;
        }
        String id = state.aggregateId();
        if (state.state() == null) {
            ofOtherCode.add(id);
            held.remove(id);
            return;
        }
        ofOtherCode.remove(id);
        String canonical = CanonicalJson.of(StateFold.json(id, state.version(), state.state()));
        if (first) {
            held.put(id, canonical);
        } else if (comparison.isOpen(id)) {
            comparison.readAgain(id, canonical);
        }
    }
}
