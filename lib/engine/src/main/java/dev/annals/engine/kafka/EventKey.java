package dev.annals.engine.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The key of a record in {@code <type>.events}: {@code <aggregate id>/<version as 19 digits>}.
 *
 * <p>No two events share a key, so compaction loses nothing; keys sort in stream order, so a range of keys is a stream.
 *
 * @param aggregateId see {@link AggregateIds#RULE}; it has no {@code /}
 * @param version from 1
 */
public record EventKey(String aggregateId, long version) {

    private static final char SEPARATOR = '/';
    private static final int DIGITS = 19;

    public EventKey {
        if (version < 0) {
            throw new IllegalArgumentException("version of an event key: expected 0 or more, got " + version);
        }
    }

    /**
     * Reads a key as {@link #toString} writes it.
     *
     * @throws IllegalArgumentException if the text is no event key
     */
    public static EventKey parse(String text) {
        int separator = text.length() - DIGITS - 1;
        if (separator < 1 || text.charAt(separator) != SEPARATOR || !areDigits(text, separator + 1)) {
            throw new IllegalArgumentException(
                    "event key '%s': expected <aggregate id>/<version as 19 digits>".formatted(text));
        }
        try {
            return new EventKey(text.substring(0, separator), Long.parseLong(text, separator + 1, text.length(), 10));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("event key '%s': the version is too large".formatted(text), e);
        }
    }

    /** Also keeps out the signs and the other scripts' digits that parseLong takes: one event has one key. */
    private static boolean areDigits(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** As {@link #parse(String)}; of a key as it is written, no more than the id is made a text. */
    public static EventKey parse(byte[] utf8) {
        int separator = utf8.length - DIGITS - 1;
        if (separator < 1 || utf8[separator] != SEPARATOR) {
            return parse(new String(utf8, StandardCharsets.UTF_8));
        }
        long version = 0;
        for (int i = separator + 1; i < utf8.length; i++) {
            int digit = utf8[i] - '0';
            if (digit < 0 || digit > 9 || version > (Long.MAX_VALUE - digit) / 10) {
                return parse(new String(utf8, StandardCharsets.UTF_8));
            }
            version = 10 * version + digit;
        }
        return new EventKey(new String(utf8, 0, separator, StandardCharsets.UTF_8), version);
    }

    /** The aggregate id, in UTF-8, of a key that {@link #toBytes} wrote; the key is not checked. */
    public static byte[] aggregateId(byte[] key) {
        return Arrays.copyOf(key, key.length - DIGITS - 1);
    }

    public byte[] toBytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A version as 19 digits, which compare as text as versions do. */
    public static String digits(long version) {
        String digits = Long.toString(version);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }

    @Override
    public String toString() {
        return aggregateId + SEPARATOR + digits(version);
    }
}
