package dev.annals.engine.reacting;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * The layout of a process's store: kinds of keys in one ordered store, so that one changelog carries all. Numbers and
 * times are eight bytes, big endian, and so in order.
 *
 * <pre>
 * B                           → how far the store is made from the journal, while that goes on
 * E instance                  → numbers of journal entries and of commands of one that has ended
 * I instance                  → one that runs; one byte or none: to be folded from its journal
 * J instance 00 number        → its journal, as in the topic, as long as it runs; empty: erased
 * P instance                  → why it is parked
 * Q instance 00 number        → what waits for it meanwhile
 * T due-micros instance 00 timer → nothing: a timer
 * </pre>
 */
final class InstanceKeys {

    private static final byte SEPARATOR = 0;
    private static final byte AFTER_SEPARATOR = 1;

    private InstanceKeys() {}

    /** A timer as its key says it. */
    record TimerKey(Instant due, String instance, String timer) {}

    static final byte[] BUILDING = {'B'};

    static byte[] ended(String instance) {
        return key('E', instance);
    }

    static byte[] running(String instance) {
        return key('I', instance);
    }

    static final byte[] FIRST_RUNNING = {'I'};
    static final byte[] AFTER_RUNNING = {'I' + 1};

    /** Behind that of this instance, and before all others'. */
    static byte[] afterRunning(String instance) {
        return bound('I', instance, SEPARATOR);
    }

    static byte[] parked(String instance) {
        return key('P', instance);
    }

    static final byte[] FIRST_PARKED = {'P'};
    static final byte[] AFTER_PARKED = {'P' + 1};

    /** In the key of one that runs, or is parked. */
    static String instance(byte[] key) {
        return new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
    }

    static byte[] journal(String instance, long number) {
        return numbered('J', instance, number);
    }

    static byte[] firstJournal(String instance) {
        return bound('J', instance, SEPARATOR);
    }

    static byte[] afterJournal(String instance) {
        return bound('J', instance, AFTER_SEPARATOR);
    }

    static byte[] waiting(String instance, long number) {
        return numbered('Q', instance, number);
    }

    static byte[] firstWaiting(String instance) {
        return bound('Q', instance, SEPARATOR);
    }

    static byte[] afterWaiting(String instance) {
        return bound('Q', instance, AFTER_SEPARATOR);
    }

    /** The number in a key of a journal or of what waits. */
    static long number(byte[] key) {
        return ByteBuffer.wrap(key, key.length - Long.BYTES, Long.BYTES).getLong();
    }

    static byte[] timer(Instant due, String instance, String timer) {
        byte[] id = utf8(instance);
        byte[] name = utf8(timer);
        return ByteBuffer.allocate(2 + Long.BYTES + id.length + name.length)
                .put((byte) 'T')
                .putLong(ordered(due))
                .put(id)
                .put(SEPARATOR)
                .put(name)
                .array();
    }

    static final byte[] FIRST_TIMER = {'T'};

    /** After all timers that are due by then. */
    static byte[] afterTimers(Instant now) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put((byte) 'T')
                .putLong(ordered(now) + 1)
                .array();
    }

    static TimerKey timer(byte[] key) {
        long micros = ByteBuffer.wrap(key, 1, Long.BYTES).getLong() ^ Long.MIN_VALUE;
        int start = 1 + Long.BYTES;
        int separator = start;
        while (key[separator] != SEPARATOR) {
            separator++;
        }
        return new TimerKey(
                Journal.instant(micros),
                new String(key, start, separator - start, StandardCharsets.UTF_8),
                new String(key, separator + 1, key.length - separator - 1, StandardCharsets.UTF_8));
    }

    /** Unsigned order is that of times, also before 1970. */
    private static long ordered(Instant time) {
        return Journal.micros(time) ^ Long.MIN_VALUE;
    }

    private static byte[] key(char kind, String instance) {
        byte[] id = utf8(instance);
        return ByteBuffer.allocate(1 + id.length).put((byte) kind).put(id).array();
    }

    private static byte[] numbered(char kind, String instance, long number) {
        byte[] first = bound(kind, instance, SEPARATOR);
        return ByteBuffer.wrap(Arrays.copyOf(first, first.length + Long.BYTES))
                .putLong(first.length, number)
                .array();
    }

    private static byte[] bound(char kind, String instance, byte end) {
        byte[] id = utf8(instance);
        return ByteBuffer.allocate(2 + id.length)
                .put((byte) kind)
                .put(id)
                .put(end)
                .array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
