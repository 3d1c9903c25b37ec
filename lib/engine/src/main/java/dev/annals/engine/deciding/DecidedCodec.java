package dev.annals.engine.deciding;

import dev.annals.engine.avro.BindingException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * {@link Decided} to and from bytes: the arrival, so that it can be read alone, the number of this layout, the decision's
 * time, the fingerprint, and the result as it was published. Numbers are in big endian.
 *
 * <p>Of a command that failed, the arrival has all its bits inverted and the fingerprint is 0. A release that does
 * not know of these takes such an arrival, which is negative, for one that has long expired: it decides the command
 * anew, as it should.
 */
final class DecidedCodec {

    private static final byte LAYOUT = 1;

    private static final int HEAD_BYTES = 4 * Long.BYTES + 1;

    private DecidedCodec() {}

    static byte[] encode(Decided decided) {
        PayloadFingerprint fingerprint = decided.fingerprint();
        return ByteBuffer.allocate(HEAD_BYTES + decided.result().length)
                .putLong(fingerprint == null ? ~decided.arrived() : decided.arrived())
                .put(LAYOUT)
                .putLong(decided.decided())
                .putLong(fingerprint == null ? 0 : fingerprint.high())
                .putLong(fingerprint == null ? 0 : fingerprint.low())
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
        bytes.position(Long.BYTES + 1);
        long decided = bytes.getLong();
        PayloadFingerprint written = new PayloadFingerprint(bytes.getLong(), bytes.getLong());
        @Nullable PayloadFingerprint fingerprint = isFailed(stored) ? null : written;
        byte[] result = new byte[bytes.remaining()];
        bytes.get(result);
        return new Decided(fingerprint, arrival(stored), decided, result);
    }

    /** {@link Decided#arrived} of stored bytes. */
    static long arrival(byte[] stored) {
        long written = ByteBuffer.wrap(stored).getLong();
        return written < 0 ? ~written : written;
    }

    /** Whether stored bytes are of a command that failed. */
    static boolean isFailed(byte[] stored) {
        return stored[0] < 0;
    }
}
