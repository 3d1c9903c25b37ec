package dev.annals.serde;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The two Confluent wire formats: magic byte 0, schema id as 4 bytes in network order, Avro binary (<a
 * href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format">reference</a>);
 * and, of Confluent Platform 8, the schema's id in a header and Avro binary alone in the value.
 */
public final class WireFormat {

    /** Of a value: says with which schema it was written, where the value itself doesn't. */
    public static final String VALUE_SCHEMA_HEADER = "__value_schema_id";

    /** Of a key, likewise. */
    public static final String KEY_SCHEMA_HEADER = "__key_schema_id";

    static final int PREFIX_LENGTH = 5;

    private static final byte MAGIC = 0;
    private static final byte MAGIC_GUID = 1;

    private WireFormat() {}

    /** How a record names its schema. */
    sealed interface SchemaId {
        /** Unique in one registry. */
        record Numbered(int id) implements SchemaId {
            @Override
            public String toString() {
                return Integer.toString(id);
            }
        }

        /** A fingerprint of the schema, equal in every registry. */
        record Guid(UUID id) implements SchemaId {
            @Override
            public String toString() {
                return id.toString();
            }
        }
    }

    /** Where Avro binary begins in a record's value: behind the prefix, or at once where a header names the schema. */
    public static int payloadOffset(Headers headers) {
        return headers.lastHeader(VALUE_SCHEMA_HEADER) == null ? PREFIX_LENGTH : 0;
    }

    static String header(boolean isKey) {
        return isKey ? KEY_SCHEMA_HEADER : VALUE_SCHEMA_HEADER;
    }

    static byte[] prefix(int schemaId) {
        return ByteBuffer.allocate(PREFIX_LENGTH).put(MAGIC).putInt(schemaId).array();
    }

    static byte[] headerValue(UUID guid) {
        return ByteBuffer.allocate(1 + 2 * Long.BYTES)
                .put(MAGIC_GUID)
                .putLong(guid.getMostSignificantBits())
                .putLong(guid.getLeastSignificantBits())
                .array();
    }

    /** Of a record whose header names the schema; null if there is no such header. */
    static @Nullable SchemaId schemaId(String topic, @Nullable Headers headers, String header) {
        Header found = headers == null ? null : headers.lastHeader(header);
        if (found == null) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(found.value() == null ? new byte[0] : found.value());
        try {
            byte magic = bytes.get();
            return switch (magic) {
                case MAGIC -> new SchemaId.Numbered(bytes.getInt());
                case MAGIC_GUID -> new SchemaId.Guid(new UUID(bytes.getLong(), bytes.getLong()));
                default -> throw unreadableHeader(topic, header, "starts with 0x%02x".formatted(magic));
            };
        } catch (BufferUnderflowException e) {
            throw unreadableHeader(topic, header, "has %d bytes".formatted(bytes.capacity()));
        }
    }

    private static UnreadableBytesException unreadableHeader(String topic, String header, String found) {
        return new UnreadableBytesException(
                "Topic %s: the header %s %s; expected the byte 1 and a GUID of 16 bytes, or the byte 0 and a schema id of 4"
                        .formatted(topic, header, found),
                null);
    }

    /** Of bytes that begin with the prefix. */
    static SchemaId schemaId(String topic, byte[] bytes) {
        if (bytes.length < PREFIX_LENGTH) {
            throw new UnreadableBytesException(
                    "Topic %s: %d bytes are too few for the Confluent wire format, whose header has %d"
                            .formatted(topic, bytes.length, PREFIX_LENGTH),
                    null);
        }
        if (bytes[0] != MAGIC) {
            throw new UnreadableBytesException(
                    "Topic %s: the bytes start with 0x%02x, not with the magic byte 0 of the Confluent wire format; was the record written without a schema registry?"
                            .formatted(topic, bytes[0]),
                    null);
        }
        return new SchemaId.Numbered(ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt());
    }
}
