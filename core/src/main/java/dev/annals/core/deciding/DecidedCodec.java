package dev.annals.core.deciding;

import dev.annals.core.avro.BindingException;
import java.nio.ByteBuffer;

/**
 * {@link Decided} to and from bytes: the arrival, so that it can be read alone, the number of this layout, the decision's
 * time, the fingerprint, and the result as it was published. Numbers are in big endian.
 */
final class DecidedCodec {

    private static final byte LAYOUT = 1;

    private static final int HEAD_BYTES = 4 * Long.BYTES + 1;

    private DecidedCodec() {}

    static byte[] encode(Decided decided) {
        return ByteBuffer.allocate(HEAD_BYTES + decided.result().length)
                .putLong(decided.arrived())
                .put(LAYOUT)
                .putLong(decided.decided())
                .putLong(decided.fingerprint().high())
                .putLong(decided.fingerprint().low())
                .put(decided.result())
                .array();
    }

    /** @throws BindingException if another version wrote the bytes in a layout of its own, or they are damaged */
    static Decided decode(byte[] stored) {
        ByteBuffer bytes = ByteBuffer.wrap(stored);
        if (stored.length < HEAD_BYTES || bytes.get(Long.BYTES) != LAYOUT) {
            throw new BindingException(
                    "a stored command has another layout than this version's, or is damaged; start with the version that wrote it");
        }
        long arrived = bytes.getLong();
        bytes.get();
        long decided = bytes.getLong();
        PayloadFingerprint fingerprint = new PayloadFingerprint(bytes.getLong(), bytes.getLong());
        byte[] result = new byte[bytes.remaining()];
        bytes.get(result);
        return new Decided(fingerprint, arrived, decided, result);
    }

    /** {@link Decided#arrived} of stored bytes. */
    static long arrival(byte[] stored) {
        return ByteBuffer.wrap(stored).getLong();
    }
}
