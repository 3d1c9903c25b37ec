package dev.annals.engine.deciding;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Tells a repeated command from another one under the same id: SHA-256, cut to 128 bits, over what the bytes are and
 * the Avro bytes. The schema id is left out: it may differ between registries, and stand before the value or in a
 * header.
 */
public record PayloadFingerprint(long high, long low) {

    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    /** Of commands without an id, which are never compared; and of those that only their events tell of. */
    public static final PayloadFingerprint NONE = new PayloadFingerprint(0, 0);

    /** Whether it may be of a repeat of the command that this one is of. */
    boolean mayBe(PayloadFingerprint repeat) {
        return equals(NONE) || equals(repeat);
    }

    /** @param meaning the record's full name, and more where the same bytes of that name can mean another value */
    static PayloadFingerprint of(String meaning, byte[] bytes, int offset) {
        MessageDigest digest = sha256();
        digest.update(meaning.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(bytes, offset, bytes.length - offset);
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new PayloadFingerprint(hash.getLong(), hash.getLong());
    }

    /** As results carry it: base64url without padding. */
    String text() {
        return TEXT.encodeToString(
                ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array());
    }

    /** @throws IllegalArgumentException if it is no {@link #text} */
    public static PayloadFingerprint parse(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (bytes.length != 2 * Long.BYTES) {
            throw new IllegalArgumentException("fingerprint '%s': expected 16 bytes".formatted(text));
        }
        ByteBuffer numbers = ByteBuffer.wrap(bytes);
        return new PayloadFingerprint(numbers.getLong(), numbers.getLong());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
