package dev.annals.core.projecting;

import dev.annals.core.avro.SingleObjectCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a view's store holds under one key.
 *
 * @param version how far the value was folded; kept also while there is no value, so that no event counts twice
 */
record Slot(long version, @Nullable GenericRecord value) {

    static final Slot EMPTY = new Slot(0, null);

    /** Eight bytes of version, then the value in Avro's single-object encoding or nothing. One thread at a time. */
    static final class Codec {

        private final SingleObjectCodec values;

        Codec(Schema schema) {
            this.values = new SingleObjectCodec(schema);
        }

        byte[] encode(Slot slot) {
            byte[] value = slot.value == null ? new byte[0] : values.encode(slot.value);
            return ByteBuffer.allocate(Long.BYTES + value.length)
                    .putLong(slot.version)
                    .put(value)
                    .array();
        }

        Slot decode(byte @Nullable [] bytes) {
            if (bytes == null) {
                return EMPTY;
            }
            long version = ByteBuffer.wrap(bytes).getLong();
            return bytes.length == Long.BYTES
                    ? new Slot(version, null)
                    : new Slot(version, values.decode(Arrays.copyOfRange(bytes, Long.BYTES, bytes.length)));
        }
    }
}
