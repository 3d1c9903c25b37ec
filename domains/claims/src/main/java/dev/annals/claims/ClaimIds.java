package dev.annals.claims;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Ids of claims. Two values never have one id, and most values can be read in theirs. The rule, for clients that are
 * not written in Java:
 *
 * <ol>
 *   <li>The id is the scope, {@code :} and the value in UTF-8, of which every byte that is not one of {@code A-Z a-z
 *       0-9 . _ : -} is written as {@code ~} and two upper-case hexadecimal digits: {@code email:ada~40example.org}. So
 *       {@code ~} itself is {@code ~7E}.
 *   <li>Where that has more than 200 characters, it is the scope, {@code :~~} and the SHA-256 of the value's bytes in
 *       lower-case hexadecimal digits. No value that is escaped begins with {@code ~~}.
 * </ol>
 *
 * <p>Values that mean the same must be the same text before: who takes {@code Ada@Example.org} for
 * {@code ada@example.org} makes one of both first, and texts with accents are best in NFC.
 */
public final class ClaimIds {

    /** Of the id of any aggregate. */
    private static final int MAX_LENGTH = 200;

    /** Without {@code :}, so that the first one ends it; short enough for a hash behind it. */
    private static final Pattern SCOPE = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private static final HexFormat ESCAPED = HexFormat.of().withUpperCase();

    private ClaimIds() {}

    /**
     * The id of a value's claim.
     *
     * @param scope what kind of value it is, for instance {@code email}: within it, values are unique
     * @throws IllegalArgumentException if the scope is not 1 to 100 characters of {@code A-Z a-z 0-9 . _ -}, or the
     *     value is empty or no Unicode text
     */
    public static String of(String scope, String value) {
        if (!SCOPE.matcher(scope).matches()) {
            throw new IllegalArgumentException(
                    "scope '%s': expected 1 to 100 characters of A-Z a-z 0-9 . _ -".formatted(scope));
        }
        if (value.isEmpty()) {
            throw new IllegalArgumentException("value of scope %s: expected at least one character".formatted(scope));
        }
        byte[] bytes = utf8(value);
        String id = scope + ':' + escaped(bytes);
        return id.length() <= MAX_LENGTH ? id : scope + ":~~" + HexFormat.of().formatHex(sha256(bytes));
    }

    private static String escaped(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte each : bytes) {
            if (isPlain(each)) {
                text.append((char) each);
            } else {
                text.append('~').append(ESCAPED.toHexDigits(each));
            }
        }
        return text.toString();
    }

    private static boolean isPlain(byte each) {
        return (each >= 'A' && each <= 'Z')
                || (each >= 'a' && each <= 'z')
                || (each >= '0' && each <= '9')
                || "._:-".indexOf(each) >= 0;
    }

    /** {@code String.getBytes} makes '?' of each half of a surrogate pair, and one id of two values. */
    private static byte[] utf8(String value) {
        try {
            ByteBuffer encoded = UTF_8.newEncoder().encode(CharBuffer.wrap(value));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("value: expected Unicode text, got half of a surrogate pair", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
