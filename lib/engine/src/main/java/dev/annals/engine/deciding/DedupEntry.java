package dev.annals.engine.deciding;

import dev.annals.engine.avro.BindingException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A deduplication entry: what is stored of a command under its id. Encoded as the arrival, so that it can be read
 * alone, the kind, the decision's time, the fingerprint and the result as it was published. Numbers are in big endian.
 *
 * @param fingerprint of its type and payload, {@link PayloadFingerprint#NONE} where only its events tell of it; null:
 *     it failed, so its id is free and only a lookup finds it
 * @param arrived the newest timestamp of a command in the partition by then, milliseconds since the epoch: its
 *     retention begins then, also for a command that came late
 * @param decided wall clock of the instance that decided it, or found that it failed, milliseconds since the epoch
 * @param result as published, see {@link CommandHandler.ResultCodec}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record DedupEntry(@Nullable PayloadFingerprint fingerprint, long arrived, long decided, byte[] result) {

    private static final byte DECIDED = 1;
    private static final byte FAILED = 2;
    private static final int HEAD_BYTES = 4 * Long.BYTES + 1;

    public byte[] encode() {
        return ByteBuffer.allocate(HEAD_BYTES + result.length)
                .putLong(arrived)
                .put(fingerprint == null ? FAILED : DECIDED)
                .putLong(decided)
                .putLong(fingerprint == null ? 0 : fingerprint.high())
                .putLong(fingerprint == null ? 0 : fingerprint.low())
                .put(result)
                .array();
    }

    /** @throws BindingException if the bytes are damaged */
    public static DedupEntry decode(byte[] stored) {
        ByteBuffer bytes = ByteBuffer.wrap(stored);
        byte kind = stored.length < HEAD_BYTES ? 0 : stored[Long.BYTES];
        if (kind != DECIDED && kind != FAILED) {
            throw new BindingException("a stored command is damaged, or of a newer version than this one");
        }
        long arrived = bytes.getLong();
        bytes.get();
        long decided = bytes.getLong();
        PayloadFingerprint fingerprint = new PayloadFingerprint(bytes.getLong(), bytes.getLong());
        byte[] result = new byte[bytes.remaining()];
        bytes.get(result);
        return new DedupEntry(kind == FAILED ? null : fingerprint, arrived, decided, result);
    }

    /** {@link #arrived} of stored bytes. */
    public static long arrival(byte[] stored) {
        return ByteBuffer.wrap(stored).getLong();
    }

    /** Sets {@link #arrived} in stored bytes. */
    public static void stamp(byte[] stored, long arrived) {
        ByteBuffer.wrap(stored).putLong(0, arrived);
    }

    /** Whether stored bytes are of a command that failed. */
    public static boolean isFailed(byte[] stored) {
        return stored[Long.BYTES] == FAILED;
    }
}
