package dev.annals.operations.backup;

import dev.annals.engine.kafka.EventKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * How a record stands in a file. A value in the Confluent wire format is kept without its first five bytes: the id of
 * its schema beside it names an entry of the manifest, which has the schema, so it can be read where the registry is
 * lost. Any other value is kept as it is.
 */
final class BackupFormat {

    /** Of this layout, and of the manifest's; 1 had no processes. */
    static final int VERSION = 2;

    static final Schema SCHEMA = new Schema.Parser().parse("""
            {"type": "record", "name": "BackedUpRecord", "namespace": "annals.backup",
             "doc": "A record of an event topic, or of the journals of a process.",
             "fields": [
               {"name": "partition", "type": "int"},
               {"name": "offset", "type": "long"},
               {"name": "timestamp", "type": "long", "doc": "As the topic has it, milliseconds since the epoch."},
               {"name": "key", "type": ["null", "bytes"]},
               {"name": "headers", "type": {"type": "array", "items":
                 {"type": "record", "name": "Header", "fields": [
                   {"name": "key", "type": "string"},
                   {"name": "value", "type": ["null", "bytes"]}]}}},
               {"name": "schemaId", "type": ["null", "int"],
                "doc": "With which schema of the manifest the value was written; null: the value is as received."},
               {"name": "value", "type": ["null", "bytes"], "doc": "Avro binary; null: the event is erased."}]}""");

    private static final Schema HEADER = SCHEMA.getField("headers").schema().getElementType();

    private static final byte MAGIC = 0;
    private static final int WIRE_HEADER = 1 + Integer.BYTES;

    private BackupFormat() {}

    static GenericRecord of(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        Integer schemaId = schemaId(value);
        GenericRecord avro = new GenericData.Record(SCHEMA);
        avro.put("partition", record.partition());
        avro.put("offset", record.offset());
        avro.put("timestamp", record.timestamp());
        avro.put("key", buffer(record.key()));
        avro.put("headers", headers(record.headers()));
        avro.put("schemaId", schemaId);
        avro.put(
                "value",
                schemaId == null
                        ? buffer(value)
                        : ByteBuffer.wrap(Objects.requireNonNull(value), WIRE_HEADER, value.length - WIRE_HEADER));
        return avro;
    }

    /** The id of a value's schema; null if it is not in the wire format. */
    static @Nullable Integer schemaId(byte @Nullable [] value) {
        return value == null || value.length < WIRE_HEADER || value[0] != MAGIC
                ? null
                : Integer.valueOf(ByteBuffer.wrap(value, 1, Integer.BYTES).getInt());
    }

    private static List<GenericRecord> headers(Headers headers) {
        List<GenericRecord> all = new ArrayList<>();
        for (Header header : headers) {
            GenericRecord avro = new GenericData.Record(HEADER);
            avro.put("key", header.key());
            avro.put("value", buffer(header.value()));
            all.add(avro);
        }
        return all;
    }

    static byte @Nullable [] key(GenericRecord avro) {
        return bytes(avro.get("key"));
    }

    /** Null if the key is none of an event, or of an entry of a journal. */
    static @Nullable EventKey eventKey(GenericRecord avro) {
        try {
            return EventKey.parse(key(avro));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static int partition(GenericRecord avro) {
        return (int) avro.get("partition");
    }

    static long offset(GenericRecord avro) {
        return (long) avro.get("offset");
    }

    static long timestamp(GenericRecord avro) {
        return (long) avro.get("timestamp");
    }

    static Headers headers(GenericRecord avro) {
        RecordHeaders headers = new RecordHeaders();
        for (Object each : (List<?>) avro.get("headers")) {
            GenericRecord header = (GenericRecord) each;
            headers.add(new RecordHeader(header.get("key").toString(), bytes(header.get("value"))));
        }
        return headers;
    }

    static @Nullable Integer schemaId(GenericRecord avro) {
        return (Integer) avro.get("schemaId");
    }

    /**
     * The value for a topic.
     *
     * @param schemaId in the registry that is written to; null for a value as received
     */
    static byte @Nullable [] value(GenericRecord avro, @Nullable Integer schemaId) {
        byte[] body = bytes(avro.get("value"));
        return body == null || schemaId == null
                ? body
                : ByteBuffer.allocate(WIRE_HEADER + body.length)
                        .put(MAGIC)
                        .putInt(schemaId)
                        .put(body)
                        .array();
    }

    private static @Nullable ByteBuffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private static byte @Nullable [] bytes(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        ByteBuffer buffer = ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
