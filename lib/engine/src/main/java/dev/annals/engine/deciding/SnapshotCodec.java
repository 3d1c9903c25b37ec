package dev.annals.engine.deciding;

import dev.annals.api.AggregateType;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.deciding.StateCodec.Versioned;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * States as they were, to and from bytes: the latest time as seconds since the epoch (8 bytes) and nanoseconds (4), in
 * big endian, and the state as the command service stores it, which says by what code it was folded. Thread-safe.
 */
public final class SnapshotCodec<S extends Record> {

    private static final int TIME_BYTES = Long.BYTES + Integer.BYTES;

    private final StateCodec<S> states;

    private SnapshotCodec(StateCodec<S> states) {
        this.states = states;
    }

    /**
     * The state after the first events of a stream.
     *
     * @param version how many
     * @param latest the latest time that any of them has; {@link Instant#MIN} if none has one
     */
    public record Snapshot<S>(long version, Instant latest, S state) {}

    public static <S extends Record> SnapshotCodec<S> of(AggregateType<?, S, ?> type) {
        return new SnapshotCodec<>(new StateCodec<>(type.state(), type.decider()));
    }

    /** @throws BindingException if a value does not fit the shape of the state record */
    public synchronized byte[] encode(Snapshot<S> snapshot) {
        byte[] state = states.encode(new Versioned<>(snapshot.version, snapshot.state));
        return ByteBuffer.allocate(TIME_BYTES + state.length)
                .putLong(snapshot.latest.getEpochSecond())
                .putInt(snapshot.latest.getNano())
                .put(state)
                .array();
    }

    /**
     * Null if the bytes are damaged, or the state is not what the present version of the decider would make of the
     * events.
     */
    public synchronized @Nullable Snapshot<S> decode(byte[] encoded) {
        if (encoded.length < TIME_BYTES) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(encoded);
        long second = bytes.getLong();
        int nano = bytes.getInt();
        byte[] state = new byte[bytes.remaining()];
        bytes.get(state);
        try {
            Versioned<S> stored = states.decode(state);
            return new Snapshot<>(stored.version(), Instant.ofEpochSecond(second, nano), stored.state());
        } catch (BindingException e) {
            return null;
        }
    }
}
