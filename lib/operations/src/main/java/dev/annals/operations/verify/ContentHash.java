package dev.annals.operations.verify;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * A hash of contents by key, which equal contents have wherever they are: SHA-256 over, for each key in the order of
 * its UTF-8 bytes, its length in bytes (4 bytes, big-endian), the key, and the SHA-256 of the content's UTF-8 bytes.
 *
 * <p>Keeps a key and 32 bytes for each content, so one can be replaced. Mutable, for one thread.
 */
final class ContentHash {

    private final TreeMap<byte[], byte[]> hashes = new TreeMap<>(Arrays::compareUnsigned);

    /** Adds a content, or replaces that of the key. */
    void put(String key, String content) {
        put(key, sha256().digest(utf8(content)));
    }

    /** As {@link #put(String, String)}, of a content that has been hashed. */
    void put(String key, byte[] hash) {
        hashes.put(utf8(key), hash);
    }

    /** How many keys. */
    int size() {
        return hashes.size();
    }

    /** In hexadecimal digits. */
    String hex() {
        MessageDigest all = sha256();
        hashes.forEach((key, hash) -> {
            all.update(ByteBuffer.allocate(Integer.BYTES).putInt(key.length).flip());
            all.update(key);
            all.update(hash);
        });
        return HexFormat.of().formatHex(all.digest());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
