package dev.annals.engine.deciding;

import dev.annals.engine.avro.BindingException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a topic of states, which is compacted: states as {@link StateCodec} encodes them, in the partitions of
 * their aggregates, and how far each partition's events are in them.
 *
 * <pre>
 * aggregateId             → number of pieces (4 bytes), the first piece of the state
 * aggregateId 00 number   → another piece (4 bytes: its number, from 1), behind the one before
 * 00                      → offset (8 bytes): every event before it is in the states that stand before this
 * </pre>
 *
 * <p>Numbers are in big endian. All pieces of a state stand behind one another, in one transaction; of one that had
 * more pieces once, some may be left before the first.
 */
public final class StateTopic {

    private static final byte SEPARATOR = 0;
    private static final byte[] POSITION = {SEPARATOR};

    /** What a key or value can be over the limit of a record's bytes: headers, and what Kafka adds. */
    private static final int OVERHEAD = 200;

    private StateTopic() {}

    /** One record of the topic. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Entry(byte[] key, byte[] value) {}

    /**
     * The records of a state.
     *
     * @param maxRecordBytes the most bytes of one
     */
    public static List<Entry> state(String aggregateId, byte[] state, int maxRecordBytes) {
        byte[] id = aggregateId.getBytes(StandardCharsets.UTF_8);
        int piece = Math.max(1, maxRecordBytes - id.length - OVERHEAD);
        int pieces = Math.max(1, Math.ceilDiv(state.length, piece));
        List<Entry> entries = new ArrayList<>(pieces);
        for (int number = 0; number < pieces; number++) {
            byte[] part = Arrays.copyOfRange(state, number * piece, Math.min(state.length, (number + 1) * piece));
            entries.add(
                    number == 0
                            ? new Entry(id, behind(pieces, part))
                            : new Entry(keyOfPiece(id, number), behind(number, part)));
        }
        return entries;
    }

    private static byte[] behind(int number, byte[] part) {
        return ByteBuffer.allocate(Integer.BYTES + part.length)
                .putInt(number)
                .put(part)
                .array();
    }

    private static byte[] keyOfPiece(byte[] id, int number) {
        return ByteBuffer.allocate(id.length + 1 + Integer.BYTES)
                .put(id)
                .put(SEPARATOR)
                .putInt(number)
                .array();
    }

    /** @param next the first event of the partition that may not be in the states before this */
    public static Entry position(long next) {
        return new Entry(
                POSITION.clone(), ByteBuffer.allocate(Long.BYTES).putLong(next).array());
    }

    /** Puts the pieces of one partition together, in the order of its records. One thread at a time. */
    public static final class Reader {

        private @Nullable String aggregateId;
        private int missing;
        private int expected;
        private final ByteArrayOutputStream state = new ByteArrayOutputStream();

        /** What the records of a topic say. */
        public sealed interface Said {}

        @SuppressWarnings("ArrayRecordComponent") // never compared
        public record State(String aggregateId, byte[] state) implements Said {}

        public record Position(long next) implements Said {}

        /**
         * Takes the next record.
         *
         * @return null where more pieces are needed, or it is left over from before
         * @throws BindingException if it is none of such a topic
         */
        public @Nullable Said take(byte @Nullable [] key, byte @Nullable [] value) {
            if (key == null || value == null) {
                return null;
            }
            if (Arrays.equals(key, POSITION) && value.length == Long.BYTES) {
                return new Position(ByteBuffer.wrap(value).getLong());
            }
            if (value.length < Integer.BYTES) {
                throw new BindingException("a record among states is none of a state");
            }
            int number = ByteBuffer.wrap(value).getInt();
            int end = endOfId(key);
            String id = new String(key, 0, end, StandardCharsets.UTF_8);
            if (end == key.length) {
                aggregateId = id;
                missing = number;
                expected = 1;
                state.reset();
            } else if (!id.equals(aggregateId) || number != expected) {
                return null;
            } else {
                expected++;
            }
            state.write(value, Integer.BYTES, value.length - Integer.BYTES);
            missing--;
            if (missing > 0) {
                return null;
            }
            aggregateId = null;
            return new State(id, state.toByteArray());
        }

        private static int endOfId(byte[] key) {
            for (int i = 0; i < key.length; i++) {
                if (key[i] == SEPARATOR) {
                    return i;
                }
            }
            return key.length;
        }
    }
}
