package dev.annals.engine.deciding;

import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.RecordBinding;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads published results, of this version's schema or of any that can be read as it. One thread at a time. */
public final class ResultReader {

    private final Deserializer<Object> deserializer;
    private final RecordBinding<CommandResult> binding = CommandResult.binding();

    /** @param deserializer stays the caller's to close */
    public ResultReader(Deserializer<Object> deserializer) {
        this.deserializer = deserializer;
    }

    /**
     * @param topic where it was published
     * @throws BindingException if the value is no result
     * @throws SerializationException if its schema can't be had, or the bytes are damaged
     */
    public CommandResult read(String topic, Headers headers, byte[] value) {
        if (deserializer.deserialize(topic, headers, value) instanceof IndexedRecord avro) {
            return binding.fromAvro(avro);
        }
        throw new BindingException("a value in %s is no record; expected %s"
                .formatted(topic, binding.schema().getFullName()));
    }
}
