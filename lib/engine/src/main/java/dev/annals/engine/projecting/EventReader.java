package dev.annals.engine.projecting;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.UnknownRecordException;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.engine.kafka.UtcTimes;
import java.time.DateTimeException;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Reads event records. An event is a fact, so one that can't be read stops the view instead of being left out in
 * silence. For one thread.
 */
final class EventReader<E> implements AutoCloseable {

    private final String topic;
    private final AggregateBinding<?, ?, E> binding;
    private final Deserializer<Object> deserializer;
    private final FoldSite site;

    EventReader(ViewRuntime<E, ?> runtime, FoldSite site) {
        this.topic = runtime.eventsTopic();
        this.binding = runtime.events();
        this.deserializer = runtime.serdes().newDeserializer();
        this.site = site;
    }

    /** @throws ViewFailedException if the key is none of an event */
    EventKey key(Record<byte[], byte[]> record) {
        try {
            return EventKey.parse(record.key());
        } catch (IllegalArgumentException e) {
            throw site.failure(record, "expected the key of an event: " + e.getMessage(), e);
        }
    }

    /** The key, or null if it is none of an event. */
    @Nullable
    EventKey keyOrNull(Record<byte[], byte[]> record) {
        try {
            return EventKey.parse(record.key());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * The event of a record that has a value, as today's.
     *
     * @throws ViewFailedException if it can't be read, however often it is tried
     * @throws RuntimeException as the deserializer throws it, if the registry is away
     */
    StoredEvent<E> read(EventKey key, Record<byte[], byte[]> record) {
        try {
            Object value = deserializer.deserialize(topic, record.headers(), record.value());
            if (value instanceof IndexedRecord avro) {
                return new StoredEvent<>(
                        key.aggregateId(),
                        key.version(),
                        UtcTimes.ofEvent(record.headers(), record.timestamp()),
                        binding.events(avro));
            }
            throw site.failure(record, "the value is Avro, but not a record");
        } catch (SerializationException e) {
            if (RegistryFailures.mayPass(e)) {
                throw e;
            }
            throw site.failure(record, "the event can't be read: " + RegistryFailures.describe(e), e);
        } catch (BindingException | UnknownRecordException | DateTimeException e) {
            throw site.failure(record, "the event can't be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        deserializer.close();
    }
}
