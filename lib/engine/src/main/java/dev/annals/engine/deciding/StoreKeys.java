package dev.annals.engine.deciding;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The layout of the command store: two kinds of keys in one ordered store.
 *
 * <pre>
 * C name 00 aggregateId → arrival, fingerprint and result of a decided command
 * S aggregateId         → state and version
 * </pre>
 *
 * <p>A command's name is its id, or one of its sender's own ({@link ActorTrust#nameOf}). Ids are scoped to the
 * aggregate: the same id on two aggregates is two commands, wherever their partitions are.
 */
public final class StoreKeys {

    private static final byte STATE = 'S';
    private static final byte COMMAND = 'C';
    private static final byte SEPARATOR = 0;
    private static final byte AFTER_SEPARATOR = 1;

    private StoreKeys() {}

    /** Not after the key of any decided command. */
    public static byte[] firstCommand() {
        return new byte[] {COMMAND};
    }

    /** Not after the key of any state. */
    public static byte[] firstState() {
        return new byte[] {STATE};
    }

    /** After the keys of all states. */
    public static byte[] afterStates() {
        return new byte[] {STATE + 1};
    }

    public static String aggregateId(byte[] stateKey) {
        return new String(stateKey, 1, stateKey.length - 1, StandardCharsets.UTF_8);
    }

    public static byte[] state(String aggregateId) {
        byte[] id = utf8(aggregateId);
        return ByteBuffer.allocate(1 + id.length).put(STATE).put(id).array();
    }

    public static byte[] command(String name, String aggregateId) {
        byte[] command = utf8(name);
        byte[] aggregate = utf8(aggregateId);
        return ByteBuffer.allocate(2 + command.length + aggregate.length)
                .put(COMMAND)
                .put(command)
                .put(SEPARATOR)
                .put(aggregate)
                .array();
    }

    /** The first key a command's name can have, over all aggregates. */
    public static byte[] firstOfCommand(String name) {
        return bound(name, SEPARATOR);
    }

    /** A key after the last one a command's name can have. */
    public static byte[] afterCommand(String name) {
        return bound(name, AFTER_SEPARATOR);
    }

    private static byte[] bound(String name, byte end) {
        byte[] command = utf8(name);
        return ByteBuffer.allocate(2 + command.length)
                .put(COMMAND)
                .put(command)
                .put(end)
                .array();
    }

    /** The least key after this one. */
    public static byte[] after(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
