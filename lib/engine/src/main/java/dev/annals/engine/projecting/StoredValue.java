package dev.annals.engine.projecting;

import dev.annals.engine.avro.SingleObjectCodec;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * A value as a view's store holds it under one key, with its version and the offset that it was folded to.
 *
 * @param version how far the value was folded; kept also while there is no value, so that no event counts twice
 * @param offset of the record that it was folded to last, in the partition that feeds the store; {@link #NONE} where
 *     that was none of a partition
 */
record StoredValue(long version, long offset, @Nullable GenericRecord value) {

    static final long NONE = -1;

    static final StoredValue EMPTY = new StoredValue(0, NONE, null);

    /**
     * Whether a record at this offset is in the value already. It then comes again because somebody set the offsets of
     * the view's group back: Kafka commits them together with the store.
     */
    boolean has(long otherOffset) {
        return otherOffset <= offset;
    }

    /**
     * Eight bytes of version, eight of offset, then the value in Avro's single-object encoding or nothing. One thread
     * at a time; bytes that were decoded stay as they are until what is made of them is encoded.
     */
    static final class Codec {

        // A buffer around the bytes would be garbage at every event.
        private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

        private static final int OFFSET = Long.BYTES;
        private static final int VALUE = 2 * Long.BYTES;

        private final SingleObjectCodec values;

        /** What was decoded last: most events change nothing in it, and then it need not be encoded. */
        private @Nullable GenericRecord decoded;

        private byte[] decodedFrom = {};

        Codec(Schema schema) {
            this.values = new SingleObjectCodec(schema);
        }

        @SuppressWarnings("ReferenceEquality") // the value itself, untouched
        byte[] encode(StoredValue stored) {
            if (stored.value == null) {
                return bytes(stored, decodedFrom, 0, 0);
            }
            if (stored.value == decoded) {
                return bytes(stored, decodedFrom, VALUE, decodedFrom.length - VALUE);
            }
            byte[] value = values.encode(stored.value);
            return bytes(stored, value, 0, value.length);
        }

        private static byte[] bytes(StoredValue stored, byte[] value, int from, int length) {
            byte[] bytes = new byte[VALUE + length];
            LONG.set(bytes, 0, stored.version);
            LONG.set(bytes, OFFSET, stored.offset);
            System.arraycopy(value, from, bytes, VALUE, length);
            return bytes;
        }

        StoredValue decode(byte @Nullable [] bytes) {
            if (bytes == null) {
                return EMPTY;
            }
            return new StoredValue((long) LONG.get(bytes, 0), (long) LONG.get(bytes, OFFSET), value(bytes));
        }

        /** The same bytes, but of a value whose last record comes before an offset. */
        static byte[] before(long offset, byte[] bytes) {
            LONG.set(bytes, OFFSET, Math.min((long) LONG.get(bytes, OFFSET), offset - 1));
            return bytes;
        }

        private @Nullable GenericRecord value(byte[] bytes) {
            if (bytes.length == VALUE) {
                return null;
            }
            decoded = values.decode(bytes, VALUE);
            decodedFrom = bytes;
            return decoded;
        }
    }
}
