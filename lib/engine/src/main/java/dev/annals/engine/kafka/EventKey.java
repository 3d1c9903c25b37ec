package dev.annals.engine.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The key of a record in {@code <type>.events}: {@code <aggregate id>/<version as 19 digits>}.
 *
 * <p>No two events share a key, so compaction loses nothing; keys sort in stream order, so a range of keys is a stream.
 *
 * @param aggregateId see {@link AggregateIds#RULE}; it has no {@code /}
 * @param version from 1, in a topic up to {@link #MAX_VERSION}
 */
public record EventKey(String aggregateId, long version) {

    /**
     * The greatest version of an event: nobody reaches it, and whoever adds to one, or up versions, stays far from an
     * overflow. A key with a greater one is none of an event.
     */
    public static final long MAX_VERSION = 1L << 40;

    /** The most versions in a row of which it is said one by one that they were erased; nobody erases so many. */
    public static final int MAX_GAP = 100_000;

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
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * As {@link #parse(String)}; no key is as an empty one. No signs or other scripts' digits: one event has one key.
     */
    public static EventKey parse(byte @Nullable [] utf8) {
        byte[] key = utf8 == null ? new byte[0] : utf8;
        int separator = key.length - DIGITS - 1;
        if (separator < 1 || key[separator] != SEPARATOR) {
            throw refused(key, "expected <aggregate id>/<version as 19 digits>");
        }
        long version = 0;
        for (int i = separator + 1; i < key.length; i++) {
            int digit = key[i] - '0';
            if (digit < 0 || digit > 9) {
                throw refused(key, "expected <aggregate id>/<version as 19 digits>");
            }
            version = 10 * version + digit;
            if (version > MAX_VERSION) {
                throw refused(key, "the version is above " + MAX_VERSION);
            }
        }
        return new EventKey(new String(key, 0, separator, StandardCharsets.UTF_8), version);
    }

    private static IllegalArgumentException refused(byte[] key, String why) {
        return new IllegalArgumentException(
                "event key '%s': %s".formatted(new String(key, StandardCharsets.UTF_8), why));
    }

    /** The last key that an event of an aggregate can have. */
    public static EventKey last(String aggregateId) {
        return new EventKey(aggregateId, MAX_VERSION);
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
