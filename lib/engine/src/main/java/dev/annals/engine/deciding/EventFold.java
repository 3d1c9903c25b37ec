package dev.annals.engine.deciding;

import dev.annals.api.Decider;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.UnknownRecordException;
import dev.annals.engine.deciding.StateCodec.Versioned;
import dev.annals.engine.folding.DomainBug;
import dev.annals.engine.folding.StreamFold;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.engine.kafka.Tombstones;
import dev.annals.engine.rebuilding.Rebuild.StoppedException;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Folds the records of an event topic into the states of their aggregates, by the rules of {@link StreamFold}: an event
 * that a state has already changes nothing, and an aggregate never goes back behind the version that it had. One thread
 * at a time.
 */
public final class EventFold<S extends Record, E> {

    private final AggregateBinding<?, S, E> binding;
    private final Decider<?, S, E> decider;
    private final StreamFold rules;
    private final Deserializer<Object> deserializer;

    /** @param deserializer stays the caller's to close */
    public EventFold(AggregateBinding<?, S, E> binding, Deserializer<Object> deserializer) {
        this.binding = binding;
        this.decider = binding.type().decider();
        this.rules = StreamFold.of(decider);
        this.deserializer = deserializer;
    }

    /** Whose event a record is; null if it says that an event has left by its age, which no fold needs. */
    public @Nullable EventKey key(ConsumerRecord<byte[], byte[]> record) {
        if (Tombstones.isExpired(record.value(), record.headers())) {
            return null;
        }
        try {
            return EventKey.parse(record.key());
        } catch (IllegalArgumentException e) {
            throw stopped(record, "expected the key of an event: " + e.getMessage(), e);
        }
    }

    /**
     * The state after one more event; null if it has that event already.
     *
     * @param key of the record
     * @throws StoppedException if it can't be folded, whoever tries again
     * @throws RuntimeException as the deserializer throws it, if the registry is away
     */
    public @Nullable Versioned<S> fold(Versioned<S> before, EventKey key, ConsumerRecord<byte[], byte[]> record) {
        long version = key.version();
        if (StreamFold.isFolded(before.version(), version)) {
            return null;
        }
        List<E> events = record.value() == null ? null : read(record);
        String refusal = rules.refusal(binding.type().name(), key.aggregateId(), before.version(), version, events);
        if (refusal != null) {
            throw stopped(record, refusal, null);
        }
        S state = events == null ? before.state() : evolve(before.state(), events, record);
        return new Versioned<>(version, state, Math.max(before.known(), version));
    }

    /** Of a state that all events are folded into, with the version that its aggregate had, where events are gone. */
    public Versioned<S> withoutMissingEnd(String aggregateId, Versioned<S> state) {
        String refusal = rules.refusal("%s/%s: events %d to %d are missing at its end"
                .formatted(binding.type().name(), aggregateId, state.version() + 1, state.known()));
        if (refusal != null) {
            throw new StoppedException(refusal, null);
        }
        return new Versioned<>(state.known(), state.state());
    }

    private S evolve(S before, List<E> events, ConsumerRecord<byte[], byte[]> record) {
        S state = before;
        for (E event : events) {
            state = evolve(state, event, record);
        }
        return state;
    }

    private S evolve(S before, E event, ConsumerRecord<byte[], byte[]> record) {
        S after;
        try {
            after = decider.fold(before, event);
        } catch (RuntimeException | Error e) {
            DomainBug.require(e);
            throw stopped(record, "%s.evolve threw %s; mend it".formatted(name(), e), e);
        }
        if (after == null) {
            throw stopped(record, name() + ".evolve returned null; mend it", null);
        }
        return after;
    }

    private List<E> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            Object value = deserializer.deserialize(record.topic(), record.headers(), record.value());
            if (value instanceof IndexedRecord avro) {
                return binding.events(avro);
            }
            throw stopped(record, "the value is Avro, but not a record", null);
        } catch (SerializationException e) {
            if (RegistryFailures.mayPass(e)) {
                throw e;
            }
            throw stopped(record, "the event can't be read: " + RegistryFailures.describe(e), e);
        } catch (BindingException | UnknownRecordException e) {
            throw stopped(record, "the event can't be read: " + e.getMessage(), e);
        }
    }

    private static StoppedException stopped(ConsumerRecord<?, ?> record, String message, @Nullable Throwable cause) {
        return new StoppedException(place(record) + ": " + message, cause);
    }

    private static String place(ConsumerRecord<?, ?> record) {
        return "%s partition %d offset %d".formatted(record.topic(), record.partition(), record.offset());
    }

    private String name() {
        return decider.getClass().getName();
    }
}
