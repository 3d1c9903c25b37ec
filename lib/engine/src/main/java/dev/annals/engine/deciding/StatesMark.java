package dev.annals.engine.deciding;

import dev.annals.engine.avro.BindingException;
import java.nio.ByteBuffer;

/**
 * What a store says of its states as a whole. Encoded as the number of this layout, 1 for complete, else 0, or 2 with
 * command ids, and the two numbers in big endian.
 *
 * @param identity see {@link StateCodec#identity}
 * @param complete whether all states have this identity and all events in them; else they are being made
 * @param recovering whether the ids of commands are taken from the events as well, while it is not complete
 * @param next the offset of the first event that is not in them
 */
record StatesMark(long identity, boolean complete, boolean recovering, long next) {

    private static final byte LAYOUT = 1;
    private static final byte BEGUN = 0;
    private static final byte COMPLETE = 1;

    /** Releases that know nothing of it go on as with {@link #BEGUN}. */
    private static final byte BEGUN_WITH_COMMANDS = 2;

    private static final int BYTES = 2 + 2 * Long.BYTES;

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .put(LAYOUT)
                .put(complete ? COMPLETE : recovering ? BEGUN_WITH_COMMANDS : BEGUN)
                .putLong(identity)
                .putLong(next)
                .array();
    }

    /** @throws BindingException if another version wrote the bytes in a layout of its own, or they are damaged */
    static StatesMark decode(byte[] stored) {
        ByteBuffer bytes = ByteBuffer.wrap(stored);
        if (stored.length != BYTES || bytes.get() != LAYOUT) {
            throw new BindingException(
                    "the mark of the stored states has another layout than this version's, or is damaged; start with the version that wrote it");
        }
        byte how = bytes.get();
        return new StatesMark(bytes.getLong(), how == COMPLETE, how == BEGUN_WITH_COMMANDS, bytes.getLong());
    }
}
