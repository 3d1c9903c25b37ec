package dev.annals.engine.deciding;

import dev.annals.engine.avro.BindingException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The last event that a store knows to be in its log, noted with the commands of the same transaction; later ones may
 * be there. Encoded as the time in big endian and the key.
 *
 * @param time of its record, milliseconds since the epoch
 * @param key of its record
 */
@SuppressWarnings("ArrayRecordComponent") // compared by matches
record LastEvent(long time, byte[] key) {

    byte[] encode() {
        return ByteBuffer.allocate(Long.BYTES + key.length)
                .putLong(time)
                .put(key)
                .array();
    }

    /** @throws BindingException if the bytes are damaged */
    static LastEvent decode(byte[] stored) {
        if (stored.length <= Long.BYTES) {
            throw new BindingException("the note of the last event is damaged");
        }
        return new LastEvent(ByteBuffer.wrap(stored).getLong(), Arrays.copyOfRange(stored, Long.BYTES, stored.length));
    }

    boolean matches(byte @Nullable [] otherKey) {
        return Arrays.equals(key, otherKey);
    }
}
