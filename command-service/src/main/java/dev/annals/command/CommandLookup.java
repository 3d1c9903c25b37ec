package dev.annals.command;

import dev.annals.core.deciding.CommandResult;
import dev.annals.core.deciding.CommandTopology;
import dev.annals.core.deciding.StoredResults;
import dev.annals.core.deciding.StoredResults.StoredResult;
import dev.annals.service.http.Problem;
import dev.annals.service.kafka.StreamsHost;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Finds the result of a command by its id: among the results that this instance has read from the topic, then in the stores
 * of its partitions. Thread-safe.
 */
final class CommandLookup {

    /**
     * A store shows what an open transaction has written. What was decided longer ago than this is committed, since the
     * transaction timeout of Kafka Streams' producers (10 s) has passed.
     */
    private static final Duration COMMITTED_AFTER = Duration.ofSeconds(15);

    private final PendingCommands pending;
    private final StreamsHost streams;
    private final List<String> apps;
    private final InstantSource clock;

    /** What is known of a command id. */
    sealed interface Answer {}

    record Found(CommandResult result) implements Answer {}

    record Pending() implements Answer {}

    record Unknown() implements Answer {}

    CommandLookup(PendingCommands pending, StreamsHost streams, Collection<String> apps, InstantSource clock) {
        this.pending = pending;
        this.streams = streams;
        this.apps = List.copyOf(apps);
        this.clock = clock;
    }

    Answer find(String commandId) {
        Optional<CommandResult> seen = pending.recentResult(commandId);
        if (seen.isPresent()) {
            return new Found(seen.get());
        }
        if (pending.isPending(commandId)) {
            return new Pending();
        }
        Optional<StoredResult> stored =
                apps.stream().flatMap(app -> inStore(app, commandId)).max(Comparator.comparing(StoredResult::decided));
        if (stored.isEmpty()) {
            return new Unknown();
        }
        boolean committed = stored.get().decided().plus(COMMITTED_AFTER).isBefore(clock.instant());
        return committed ? new Found(stored.get().result()) : new Pending();
    }

    private Stream<StoredResult> inStore(String app, String commandId) {
        try {
            ReadOnlyKeyValueStore<byte[], byte[]> store = streams.streams(app)
                    .store(StoreQueryParameters.fromNameAndType(
                            CommandTopology.STORE, QueryableStoreTypes.keyValueStore()));
            return StoredResults.find(store, commandId).stream();
        } catch (InvalidStateStoreException | IllegalStateException e) {
            throw Problem.of(503, "not-ready", "the store of %s is moving or being restored".formatted(app))
                    .asException()
                    .withHeader("Retry-After", "1");
        }
    }
}
