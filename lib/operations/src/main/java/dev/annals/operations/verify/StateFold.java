package dev.annals.operations.verify;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.api.Decider;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.folding.StreamFold;
import dev.annals.engine.json.AvroToJson;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.Tombstones;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The states of a type's aggregates, folded from the events by the decider. Keeps a state an aggregate; for one thread.
 */
final class StateFold<S extends Record, E> {

    private final AggregateBinding<?, S, E> binding;
    private final Decider<?, S, E> decider;
    private final StreamFold rules;
    private final EventDecoder decoder;
    private final RecordBinding<S> states;
    private final Map<String, Versioned<S>> byId = new HashMap<>();

    private record Versioned<S>(long version, S state) {}

    StateFold(AggregateBinding<?, S, E> binding, EventDecoder decoder) {
        this.binding = binding;
        this.decider = binding.type().decider();
        this.rules = StreamFold.of(decider);
        this.decoder = decoder;
        this.states = RecordBinding.of(
                binding.type().state(), DerivedSchema.of(binding.type().state()));
    }

    /**
     * Folds one record.
     *
     * @return the aggregate's id
     * @throws RuntimeException if it can't be folded
     */
    String take(ConsumerRecord<byte[], byte[]> record) {
        EventKey key = EventKey.parse(Objects.requireNonNullElse(record.key(), new byte[0]));
        Versioned<S> before = byId.getOrDefault(key.aggregateId(), new Versioned<>(0, decider.initial()));
        if (!StreamFold.isFolded(before.version, key.version())
                && !Tombstones.isExpired(record.value(), record.headers())) {
            byId.put(key.aggregateId(), new Versioned<>(key.version(), evolved(before, key, record)));
        }
        return key.aggregateId();
    }

    private S evolved(Versioned<S> before, EventKey key, ConsumerRecord<byte[], byte[]> record) {
        List<E> events = record.value() == null ? null : binding.events(decoder.avro(record));
        String refusal = rules.refusal(binding.type().name(), key.aggregateId(), before.version, key.version(), events);
        if (refusal != null) {
            throw new IllegalStateException(refusal);
        }
        S state = before.state;
        for (E event : Objects.requireNonNullElse(events, List.<E>of())) {
            state = decider.fold(state, event);
        }
        return state;
    }

    /** Of the last event that is folded; 0 if there is none. */
    long version(String id) {
        Versioned<S> state = byId.get(id);
        return state == null ? 0 : state.version;
    }

    Set<String> ids() {
        return byId.keySet();
    }

    /** The canonical JSON of an aggregate's state; null if it has no events. */
    @Nullable
    String canonical(String id) {
        Versioned<S> state = byId.get(id);
        return state == null ? null : CanonicalJson.of(json(id, state.version, states.toAvro(state.state)));
    }

    static ObjectNode json(String id, long version, GenericRecord state) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", id).put("version", version).set("state", AvroToJson.toTree(state));
        return json;
    }
}
