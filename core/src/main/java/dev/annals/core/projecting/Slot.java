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
 * @param offset of the record that it was folded to last, in the partition that feeds the store; {@link #UNKNOWN} if an older release
 *     folded it
 */
record Slot(long version, long offset, @Nullable GenericRecord value) {

    static final long UNKNOWN = -1;

    static final Slot EMPTY = new Slot(0, UNKNOWN, null);

    /**
     * Whether a record at this offset is in the value already. It then comes again because somebody set the offsets of the view's group
     * back: Kafka commits them together with the store.
     */
    boolean has(long otherOffset) {
        return otherOffset <= offset;
    }

    /**
     * Eight bytes of version, eight of offset, then the value in Avro's single-object encoding or nothing. One thread at a time.
     *
     * <p>Older releases had no offset. Their values are told by the marker of the encoding, which no offset begins with.
     */
    static final class Codec {

        private static final short MARKER = (short) 0xC301;
        private static final int WITHOUT_OFFSET = Long.BYTES;
        private static final int WITH_OFFSET = 2 * Long.BYTES;

        private final SingleObjectCodec values;

        Codec(Schema schema) {
            this.values = new SingleObjectCodec(schema);
        }

        byte[] encode(Slot slot) {
            byte[] value = slot.value == null ? new byte[0] : values.encode(slot.value);
            return ByteBuffer.allocate(WITH_OFFSET + value.length)
                    .putLong(slot.version)
                    .putLong(slot.offset)
                    .put(value)
                    .array();
        }

        Slot decode(byte @Nullable [] bytes) {
            if (bytes == null) {
                return EMPTY;
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            long version = buffer.getLong();
            if (bytes.length == WITHOUT_OFFSET || buffer.getShort(WITHOUT_OFFSET) == MARKER) {
                return new Slot(version, UNKNOWN, value(bytes, WITHOUT_OFFSET));
            }
            return new Slot(version, buffer.getLong(), value(bytes, WITH_OFFSET));
        }

        /** The same bytes, but of a slot whose last record comes before an offset. */
        static byte[] before(long offset, byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            buffer.putLong(WITHOUT_OFFSET, Math.min(buffer.getLong(WITHOUT_OFFSET), offset - 1));
            return bytes;
        }

        private @Nullable GenericRecord value(byte[] bytes, int from) {
            return bytes.length == from ? null : values.decode(Arrays.copyOfRange(bytes, from, bytes.length));
        }
    }
}
