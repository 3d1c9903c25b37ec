package dev.annals.engine.deciding;

import dev.annals.api.AggregateType;
import dev.annals.engine.avro.BindingException;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the states of an aggregate type from the {@link CommandTopology#changelog} of its command store, where the last
 * record of a key counts, among those that are committed. One thread at a time.
 */
public final class StoredStates {

    private final StateCodec<?> codec;

    private StoredStates(StateCodec<?> codec) {
        this.codec = codec;
    }

    /**
     * @param version how many events the aggregate has
     * @param state in the shape that the state record has now; null if other code made it, or is on the way to: before
     *     the next command of its partition is decided, it is made anew
     */
    public record StoredState(
            String aggregateId, long version, @Nullable GenericRecord state) {}

    public static <S extends Record> StoredStates of(AggregateType<?, S, ?> type) {
        return new StoredStates(new StateCodec<>(type.state(), type.decider()));
    }

    /**
     * The state in a record of the changelog; null if the record is of something else.
     *
     * @throws BindingException if the bytes are damaged
     */
    public @Nullable StoredState read(byte[] key, byte @Nullable [] value) {
        if (!StoreKeys.isState(key) || value == null) {
            return null;
        }
        return new StoredState(StoreKeys.aggregateId(key), StateCodec.known(value), codec.decodeAvro(value));
    }
}
