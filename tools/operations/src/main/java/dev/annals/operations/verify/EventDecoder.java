package dev.annals.operations.verify;

import dev.annals.engine.avro.AggregateBinding;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the events of one type. For one thread. */
record EventDecoder(AggregateBinding<?, ?, ?> binding, Deserializer<Object> deserializer) {

    /**
     * A record that has a value, as it was written.
     *
     * @throws RuntimeException if it can't be read
     */
    IndexedRecord avro(ConsumerRecord<byte[], byte[]> record) {
        if (deserializer.deserialize(record.topic(), record.headers(), record.value()) instanceof IndexedRecord avro) {
            return avro;
        }
        throw new SerializationException("the value is Avro, but not a record");
    }
}
