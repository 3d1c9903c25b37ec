package dev.annals.engine.projecting;

import dev.annals.engine.avro.SingleObjectCodec;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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
     * Eight bytes of version, eight of offset, then the value in Avro's single-object encoding or nothing. One thread at a time; bytes that
     * were decoded stay as they are until what is made of them is encoded.
     *
     * <p>Older releases had no offset. Their values are told by the marker of the encoding, which no offset begins with.
     */
    static final class Codec {

        // A buffer around the bytes would be garbage at every event.
        private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
        private static final VarHandle SHORT =
                MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

        private static final short MARKER = (short) 0xC301;
        private static final int WITHOUT_OFFSET = Long.BYTES;
        private static final int WITH_OFFSET = 2 * Long.BYTES;

        private final SingleObjectCodec values;

        /** What was decoded last: most events change nothing in it, and then it need not be encoded. */
        private @Nullable GenericRecord decoded;

        private byte[] decodedFrom = {};
        private int decodedAt;

        Codec(Schema schema) {
            this.values = new SingleObjectCodec(schema);
        }

        @SuppressWarnings("ReferenceEquality") // the value itself, untouched
        byte[] encode(Slot slot) {
            if (slot.value == null) {
                return bytes(slot, decodedFrom, 0, 0);
            }
            if (slot.value == decoded) {
                return bytes(slot, decodedFrom, decodedAt, decodedFrom.length - decodedAt);
            }
            byte[] value = values.encode(slot.value);
            return bytes(slot, value, 0, value.length);
        }

        private static byte[] bytes(Slot slot, byte[] value, int from, int length) {
            byte[] bytes = new byte[WITH_OFFSET + length];
            LONG.set(bytes, 0, slot.version);
            LONG.set(bytes, WITHOUT_OFFSET, slot.offset);
            System.arraycopy(value, from, bytes, WITH_OFFSET, length);
            return bytes;
        }

        Slot decode(byte @Nullable [] bytes) {
            if (bytes == null) {
                return EMPTY;
            }
            long version = (long) LONG.get(bytes, 0);
            if (bytes.length == WITHOUT_OFFSET || (short) SHORT.get(bytes, WITHOUT_OFFSET) == MARKER) {
                return new Slot(version, UNKNOWN, value(bytes, WITHOUT_OFFSET));
            }
            return new Slot(version, (long) LONG.get(bytes, WITHOUT_OFFSET), value(bytes, WITH_OFFSET));
        }

        /** The same bytes, but of a slot whose last record comes before an offset. */
        static byte[] before(long offset, byte[] bytes) {
            LONG.set(bytes, WITHOUT_OFFSET, Math.min((long) LONG.get(bytes, WITHOUT_OFFSET), offset - 1));
            return bytes;
        }

        private @Nullable GenericRecord value(byte[] bytes, int from) {
            if (bytes.length == from) {
                return null;
            }
            decoded = values.decode(bytes, from);
            decodedFrom = bytes;
            decodedAt = from;
            return decoded;
        }
    }
}
