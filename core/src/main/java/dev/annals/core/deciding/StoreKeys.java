package dev.annals.core.deciding;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The layout of the command store: three kinds of keys in one ordered store, so that one changelog carries them all.
 *
 * <pre>
 * S aggregateId                            → state and version
 * C commandId 00 aggregateId               → fingerprint, arrival and result of a decided command
 * T arrival(8, big endian) commandId 00 aggregateId → nothing; the order in which command ids expire
 * </pre>
 *
 * <p>Command ids are scoped to the aggregate: the same id on two aggregates is two commands, wherever their partitions are.
 */
final class StoreKeys {

    private static final byte STATE = 'S';
    private static final byte COMMAND = 'C';
    private static final byte EXPIRY = 'T';
    private static final byte SEPARATOR = 0;
    private static final byte AFTER_SEPARATOR = 1;
    private static final int EXPIRY_HEADER = 1 + Long.BYTES;

    private StoreKeys() {}

    static byte[] state(String aggregateId) {
        byte[] id = utf8(aggregateId);
        return ByteBuffer.allocate(1 + id.length).put(STATE).put(id).array();
    }

    static byte[] command(String commandId, String aggregateId) {
        byte[] command = utf8(commandId);
        byte[] aggregate = utf8(aggregateId);
        return ByteBuffer.allocate(2 + command.length + aggregate.length)
                .put(COMMAND)
                .put(command)
                .put(SEPARATOR)
                .put(aggregate)
                .array();
    }

    /** The first key a command id can have, over all aggregates. */
    static byte[] firstOfCommand(String commandId) {
        return bound(commandId, SEPARATOR);
    }

    /** A key after the last one a command id can have. */
    static byte[] afterCommand(String commandId) {
        return bound(commandId, AFTER_SEPARATOR);
    }

    private static byte[] bound(String commandId, byte end) {
        byte[] command = utf8(commandId);
        return ByteBuffer.allocate(2 + command.length)
                .put(COMMAND)
                .put(command)
                .put(end)
                .array();
    }

    static byte[] expiry(long arrived, byte[] commandKey) {
        return ByteBuffer.allocate(EXPIRY_HEADER + commandKey.length - 1)
                .put(EXPIRY)
                .putLong(arrived)
                .put(commandKey, 1, commandKey.length - 1)
                .array();
    }

    /** The bound of all expiry keys that arrived before a time. */
    static byte[] expiryBefore(long arrived) {
        return ByteBuffer.allocate(EXPIRY_HEADER)
                .put(EXPIRY)
                .putLong(Math.max(0, arrived))
                .array();
    }

    /** The command key that an expiry key stands for. */
    static byte[] commandOf(byte[] expiryKey) {
        int length = expiryKey.length - EXPIRY_HEADER;
        return ByteBuffer.allocate(1 + length)
                .put(COMMAND)
                .put(expiryKey, EXPIRY_HEADER, length)
                .array();
    }

    static long arrivalOf(byte[] expiryKey) {
        return ByteBuffer.wrap(expiryKey, 1, Long.BYTES).getLong();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
