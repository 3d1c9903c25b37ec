package dev.annals.operations.verify;

import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the records of streams: events of a type, or journals of a process. For one thread. */
sealed interface RecordDecoder permits EventDecoder, JournalDecoder {

    Deserializer<Object> deserializer();

    /** Whether all before a record of this type may be missing. */
    boolean isSummary(String type);

    /** Whether what causes a record is a command, which takes effect once. */
    boolean isCausedOnce();

    /**
     * A record that has a value, as it was written.
     *
     * @throws RuntimeException if it can't be read
     */
    default IndexedRecord avro(ConsumerRecord<byte[], byte[]> record) {
        if (deserializer().deserialize(record.topic(), record.headers(), record.value())
                instanceof IndexedRecord avro) {
            return avro;
        }
        throw new SerializationException("the value is Avro, but not a record");
    }
}
