package dev.annals.operations.verify;

import dev.annals.engine.avro.AggregateBinding;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the events of one type. For one thread. */
final class EventDecoder {

    private final AggregateBinding<?, ?, ?> binding;
    private final Deserializer<Object> deserializer;

    EventDecoder(AggregateBinding<?, ?, ?> binding, Deserializer<Object> deserializer) {
        this.binding = binding;
        this.deserializer = deserializer;
    }

    /**
     * What a record that has a value means today.
     *
     * @throws RuntimeException if it can't be read
     */
    List<?> events(ConsumerRecord<byte[], byte[]> record) {
        return binding.events(avro(record));
    }

    /** See {@link AggregateBinding#isSummary}. */
    boolean isSummary(String fullName) {
        return binding.isSummary(fullName);
    }

    /** The record as it was written. */
    IndexedRecord avro(ConsumerRecord<byte[], byte[]> record) {
        if (deserializer.deserialize(record.topic(), record.headers(), record.value()) instanceof IndexedRecord avro) {
            return avro;
        }
        throw new SerializationException("the value is Avro, but not a record");
    }
}
