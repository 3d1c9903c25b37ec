package dev.annals.engine.deciding;

import dev.annals.api.AggregateType;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.deciding.StateTopic.Reader;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the states of an aggregate type from the topic that command services publish them to, of which the last one
 * counts, among those that are committed. One thread at a time.
 */
public final class PublishedStates {

    private final StateCodec<?> codec;
    private final Map<Integer, Reader> readers = new HashMap<>();

    private PublishedStates(StateCodec<?> codec) {
        this.codec = codec;
    }

    /**
     * @param version how many events the aggregate has had
     * @param state in the shape that the state record has now; null if other code made it
     */
    public record PublishedState(
            String aggregateId, long version, @Nullable GenericRecord state) {}

    public static <S extends Record> PublishedStates of(AggregateType<?, S, ?> type) {
        return new PublishedStates(new StateCodec<>(type.state(), type.decider()));
    }

    /**
     * Takes the next record of its partition.
     *
     * @return the state that ends with it; null if none does
     * @throws BindingException if the bytes are damaged
     */
    public @Nullable PublishedState take(ConsumerRecord<byte[], byte[]> record) {
        Reader reader = readers.computeIfAbsent(record.partition(), any -> new Reader());
        return reader.take(record.key(), record.value()) instanceof Reader.State(String id, byte[] state)
                ? new PublishedState(id, StateCodec.known(state), codec.decodeAvro(state))
                : null;
    }
}
