package dev.annals.serde;

import java.nio.ByteBuffer;

/**
 * The Confluent wire format: magic byte 0, schema id as 4 bytes in network order, Avro binary
 * (<a href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format">reference</a>).
 */
final class WireFormat {

    static final int HEADER_LENGTH = 5;
    private static final byte MAGIC = 0;

    private WireFormat() {}

    static byte[] header(int schemaId) {
        return ByteBuffer.allocate(HEADER_LENGTH).put(MAGIC).putInt(schemaId).array();
    }

    static int schemaId(String topic, byte[] bytes) {
        if (bytes.length < HEADER_LENGTH) {
            throw new UnreadableBytesException(
                    "Topic %s: %d bytes are too few for the Confluent wire format, whose header has %d"
                            .formatted(topic, bytes.length, HEADER_LENGTH),
                    null);
        }
        if (bytes[0] != MAGIC) {
            throw new UnreadableBytesException(
                    "Topic %s: the bytes start with 0x%02x, not with the magic byte 0 of the Confluent wire format; was the record written without a schema registry?"
                            .formatted(topic, bytes[0]),
                    null);
        }
        return ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
    }
}
