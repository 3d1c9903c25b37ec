package dev.annals.engine.kafka;

import dev.annals.serde.SchemaResolution;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Read-back check of whatever serializer is configured: what it wrote means what it was given.
 *
 * <p>A serializer may write with another schema than the record's ({@code use.latest.version}), and Confluent's then
 * puts our raw values under that schema's logical types: 12.5 of scale 4 would stand in the log as 1250.00 of scale 2.
 * So the schema behind each new schema id is looked at once; if its bytes are not those of the record's own schema,
 * every value is read again and compared. For one thread.
 */
final class ExactSerializer implements Serializer<Object> {

    /** Of schemas known to be written as they are; programs that make schemas up only lose the memory of it. */
    private static final int MAX_KNOWN = 1_000;

    /** Magic byte and schema id. */
    private static final int WIRE_HEADER_BYTES = 1 + Integer.BYTES;

    private final Serializer<Object> serializer;
    private final Deserializer<Object> reader;

    /** The schema id under which records of a schema are written without any change. */
    private final IdentityHashMap<Schema, Integer> unchanged = new IdentityHashMap<>();

    ExactSerializer(Serializer<Object> serializer, Deserializer<Object> reader) {
        this.serializer = serializer;
        this.reader = reader;
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable Object data) {
        return checked(topic, data, serializer.serialize(topic, data));
    }

    @Override
    public byte @Nullable [] serialize(String topic, Headers headers, @Nullable Object data) {
        return checked(topic, data, serializer.serialize(topic, headers, data));
    }

    private byte @Nullable [] checked(String topic, @Nullable Object data, byte @Nullable [] written) {
        if (written != null && data instanceof IndexedRecord record) {
            int schemaId = schemaId(topic, written);
            Integer known = unchanged.get(record.getSchema());
            if (known == null || known != schemaId) {
                check(topic, record, written, schemaId);
            }
        }
        return written;
    }

    private static int schemaId(String topic, byte[] written) {
        if (written.length < WIRE_HEADER_BYTES) {
            throw new SerializationException(
                    "Topic %s: the serializer wrote %d bytes, which are no value in the Confluent wire format"
                            .formatted(topic, written.length));
        }
        return ByteBuffer.wrap(written).getInt(1);
    }

    private void check(String topic, IndexedRecord record, byte[] written, int schemaId) {
        if (!(reader.deserialize(topic, written) instanceof IndexedRecord read)) {
            throw new SerializationException("Topic %s: a record was written as something else".formatted(topic));
        }
        SchemaResolution resolution = SchemaResolution.of(read.getSchema(), record.getSchema());
        if (resolution.keepsBytes()) {
            if (unchanged.size() >= MAX_KNOWN) {
                unchanged.clear();
            }
            unchanged.put(record.getSchema(), schemaId);
            return;
        }
        try {
            if (record.equals(resolution.resolve(read))) {
                return;
            }
        } catch (AvroRuntimeException e) {
            throw different(topic, schemaId, record, String.valueOf(e.getMessage()), e);
        }
        throw different(topic, schemaId, record, "it would be read as other values than those that were decided", null);
    }

    private static SerializationException different(
            String topic, int schemaId, IndexedRecord record, String reason, @Nullable Throwable cause) {
        return new SerializationException(
                "Topic %s: the schema with id %d, with which %s is to be written, does not say the same as its own: %s. Register the record's own schema as the latest, or let schemas be registered (auto.register.schemas, use.latest.version)"
                        .formatted(topic, schemaId, record.getSchema().getFullName(), reason),
                cause);
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        throw new IllegalStateException("what it wraps is configured already");
    }

    @Override
    public void close() {
        serializer.close();
        reader.close();
    }
}
