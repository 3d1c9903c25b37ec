package dev.annals.operations.verify;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.PublishedStates;
import dev.annals.engine.deciding.PublishedStates.PublishedState;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.kafka.PartitionReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the states with which the command services decide, as they publish them from time to time, with a fold of
 * the events: each at the version that it was published at. States are read first, so no event of theirs is missing.
 */
final class StateCheck<S extends Record, E> {

    private final StateFold<S, E> fold;
    private final PublishedStates published;
    private final Map<String, Held> held = new HashMap<>();
    private final Set<String> ofOtherCode = new HashSet<>();
    private final Map<String, @Nullable String> expected = new HashMap<>();
    private final RowComparison comparison = new RowComparison(expected::get);

    /** A state as it was published, in canonical JSON. */
    private record Held(long version, String canonical) {}

    private StateCheck(AggregateBinding<?, S, E> type, Deserializer<Object> decoding) {
        this.fold = new StateFold<>(type, new EventDecoder(type, decoding));
        this.published = PublishedStates.of(type.type());
    }

    /** @throws OperationFailedException if an event can't be folded, or a state can't be read */
    static <S extends Record, E> Verification.StateReport run(
            AggregateBinding<?, S, E> type, KafkaAccess kafka, int mostDifferences) {
        String name = type.type().name();
        try (Deserializer<Object> deserializer = kafka.serdes().newDeserializer()) {
            StateCheck<S, E> check = new StateCheck<>(type, deserializer);
            readAll(kafka, kafka.topics().states(name), check::hold);
            readAll(kafka, kafka.topics().events(name), check::fold);
            return check.report(mostDifferences);
        }
    }

    private static void readAll(KafkaAccess kafka, String topic, Consumer<ConsumerRecord<byte[], byte[]>> to) {
        try (PartitionReader reader = new PartitionReader(kafka, List.of(topic))) {
            reader.readTo(reader.ends(), record -> {
                try {
                    to.accept(record);
                } catch (RuntimeException e) {
                    throw new OperationFailedException(
                            "the record at %s-%d@%d can't be folded into a state: %s"
                                    .formatted(
                                            record.topic(),
                                            record.partition(),
                                            record.offset(),
                                            RegistryFailures.describe(e)),
                            e);
                }
            });
        }
    }

    private void hold(ConsumerRecord<byte[], byte[]> record) {
        PublishedState state = published.take(record);
        if (state == null) {
            return;
        }
        String id = state.aggregateId();
        if (state.state() == null) {
            ofOtherCode.add(id);
            held.remove(id);
        } else {
            ofOtherCode.remove(id);
            held.put(
                    id,
                    new Held(state.version(), CanonicalJson.of(StateFold.json(id, state.version(), state.state()))));
        }
    }

    private void fold(ConsumerRecord<byte[], byte[]> record) {
        String id = fold.take(record);
        Held state = held.get(id);
        if (state != null && state.version == fold.version(id)) {
            compare(id, state);
        }
    }

    private void compare(String id, Held state) {
        expected.put(id, fold.canonical(id));
        comparison.compare(id, state.canonical);
        if (!comparison.isOpen(id)) {
            expected.remove(id);
        }
        held.remove(id);
    }

    /** What is still held is ahead of the events, or its version was passed over: events after it are gone. */
    private Verification.StateReport report(int mostDifferences) {
        Map.copyOf(held).forEach((id, state) -> {
            if (state.version > fold.version(id)) {
                compare(id, state);
            }
        });
        Comparison states = comparison.end(mostDifferences);
        return new Verification.StateReport(
                states,
                ofOtherCode.size(),
                Math.max(0, fold.ids().size() - states.expected().count() - ofOtherCode.size()));
    }
}
