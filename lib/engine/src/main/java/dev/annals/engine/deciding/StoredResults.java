package dev.annals.engine.deciding;

import dev.annals.engine.kafka.AvroSerdes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * Looks up the results of decided commands in the {@link CommandTopology#STORE} of one instance, from outside its
 * topology.
 *
 * <p>A store shows what its task has written before the transaction commits. What {@link StoredResult#decided} is
 * longer ago than the transaction timeout is committed; of anything younger, only the results topic can tell.
 * Thread-safe.
 */
public final class StoredResults implements AutoCloseable {

    /** Command ids are scoped to the aggregate, so one id can have several results; no more than this are read. */
    public static final int MAX_RESULTS = 100;

    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final Deserializer<Object> deserializer;
    private final ResultReader reader;

    public StoredResults(AvroSerdes serdes) {
        this.deserializer = serdes.newDeserializer();
        this.reader = new ResultReader(deserializer);
    }

    /** @param decided when, by the wall clock of the instance that decided it */
    public record StoredResult(CommandResult result, Instant decided) {}

    /** Asks a store for the results of a command id, which come by aggregate id; {@link #read} reads the answer. */
    public static RangeQuery<byte[], byte[]> query(String commandId) {
        return RangeQuery.withRange(StoreKeys.firstOfCommand(commandId), StoreKeys.afterCommand(commandId));
    }

    /**
     * Reads the answer to a {@link #query}, and closes it.
     *
     * @param topic where the results were published
     * @throws SerializationException if the registry is away and a schema was never seen here
     */
    public List<StoredResult> read(String topic, KeyValueIterator<byte[], byte[]> entries) {
        List<StoredResult> found = new ArrayList<>();
        oneAtATime.lock();
        try (entries) {
            while (entries.hasNext() && found.size() < MAX_RESULTS) {
                DedupEntry entry = DedupEntry.decode(entries.next().value);
                CommandResult result = reader.read(topic, new RecordHeaders(), entry.result());
                found.add(new StoredResult(result, Instant.ofEpochMilli(entry.decided())));
            }
        } finally {
            oneAtATime.unlock();
        }
        return found;
    }

    @Override
    public void close() {
        oneAtATime.lock();
        try {
            deserializer.close();
        } finally {
            oneAtATime.unlock();
        }
    }
}
