package dev.annals.core.deciding;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Looks up the results of decided commands in the {@link CommandTopology#STORE} of one instance, from outside its topology.
 *
 * <p>A store shows what its task has written before the transaction commits. What {@link StoredResult#decided} is longer ago
 * than the transaction timeout is committed; of anything younger, only the results topic can tell. Thread-safe.
 */
public final class StoredResults {

    /** Command ids are scoped to the aggregate, so one id can have several results; no more than this are read. */
    public static final int MAX_RESULTS = 100;

    private StoredResults() {}

    /**
     * A result as stored.
     *
     * @param decided when, by the wall clock of the instance that decided it
     */
    public record StoredResult(CommandResult result, Instant decided) {}

    /** The results of a command id, by aggregate id; empty if the partitions of this instance have none. */
    public static List<StoredResult> find(ReadOnlyKeyValueStore<byte[], byte[]> store, String commandId) {
        return read(store.range(StoreKeys.firstOfCommand(commandId), StoreKeys.afterCommand(commandId)));
    }

    /** Asks a store for the results of a command id; {@link #read} reads the answer. */
    public static RangeQuery<byte[], byte[]> query(String commandId) {
        return RangeQuery.withRange(StoreKeys.firstOfCommand(commandId), StoreKeys.afterCommand(commandId));
    }

    /** Reads the answer to a {@link #query}, and closes it. */
    public static List<StoredResult> read(KeyValueIterator<byte[], byte[]> entries) {
        List<StoredResult> found = new ArrayList<>();
        try (entries) {
            if (!entries.hasNext()) {
                return found;
            }
            DecidedCodec codec = new DecidedCodec();
            while (entries.hasNext() && found.size() < MAX_RESULTS) {
                KeyValue<byte[], byte[]> entry = entries.next();
                Decided decided = codec.decode(entry.value);
                found.add(new StoredResult(decided.result(), Instant.ofEpochMilli(decided.decided())));
            }
        }
        return found;
    }
}
