package dev.annals.command;

import dev.annals.engine.avro.BindingException;
import dev.annals.engine.deciding.CommandTopology;
import dev.annals.engine.deciding.StoredResults;
import dev.annals.engine.deciding.StoredResults.StoredResult;
import dev.annals.engine.kafka.Topics;
import dev.annals.service.kafka.BoundedRocksDb;
import dev.annals.service.kafka.StreamsHost;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The results in the stores of this instance's partitions.
 *
 * <p>A store shows what its open transaction has written, so a result is given only when it is committed: when the task
 * has committed the input beyond all that the store had seen, or when the result is older than any transaction can be
 * open. Thread-safe; blocks for at most {@link #COMMIT_LIMIT}.
 */
final class StoredCommands {

    /** For the next commit of a partition under load; a quiet one has committed before anybody asks. */
    static final Duration COMMIT_LIMIT = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(StoredCommands.class);
    private static final Duration COMMIT_PAUSE = Duration.ofMillis(5);

    /** Between the clocks of two instances, and from a transaction's timeout to its abort. */
    private static final Duration CLOCK_MARGIN = Duration.ofSeconds(5);

    private final StreamsHost streams;
    private final StoredResults results;
    private final List<App> apps;
    private final Duration committedAfter;
    private final InstantSource clock;

    /**
     * @param name in the {@link StreamsHost}
     * @param commands its input topic
     * @param results where it publishes what became of them
     */
    private record App(String type, String name, String commands, String results, int partitions) {}

    /**
     * A result with the place where it was found.
     *
     * @param input the offset of the last command that changed the store by then; null if none did since it was opened
     */
    private record FoundResult(
            StoredResult result,
            App app,
            int partition,
            @Nullable Long input) {
        Instant decided() {
            return result.decided();
        }
    }

    /**
     * @param partitions of each aggregate type
     * @param transactionTimeout the longest that a transaction of the applications can be open
     */
    StoredCommands(
            StreamsHost streams,
            StoredResults results,
            Map<String, Integer> partitions,
            Topics topics,
            Duration transactionTimeout,
            InstantSource clock) {
        this.streams = streams;
        this.results = results;
        this.apps = partitions.entrySet().stream()
                .map(each -> app(each.getKey(), topics, each.getValue()))
                .toList();
        this.committedAfter = transactionTimeout.plus(CLOCK_MARGIN);
        this.clock = clock;
    }

    private static App app(String type, Topics topics, int partitions) {
        return new App(
                type, CommandTopology.application(type), topics.commands(type), topics.results(type), partitions);
    }

    /** All partitions that any instance has. */
    Set<String> partitions() {
        Set<String> all = new TreeSet<>();
        for (App app : apps) {
            IntStream.range(0, app.partitions).forEach(each -> all.add(SearchedPartitions.partition(app.type, each)));
        }
        return all;
    }

    /**
     * The newest result of a command id; ids are scoped to the aggregate, so there can be several. Pending if it was
     * decided in a transaction that is still open, and may be aborted.
     */
    CommandLookup.Status find(String commandId) {
        Set<String> searched = new TreeSet<>();
        Optional<FoundResult> newest = newest(commandId, searched);
        if (newest.isEmpty()) {
            return new CommandLookup.Unknown(new SearchedPartitions(searched));
        }
        if (newest.get().decided().plus(committedAfter).isBefore(clock.instant())) {
            return CommandLookup.found(newest.get().result);
        }
        // After an abort the command is decided again: what counts is what stands there after the commit.
        return awaitCommit(newest.get())
                        && newest(commandId, searched).map(FoundResult::result).equals(newest.map(FoundResult::result))
                ? CommandLookup.found(newest.get().result)
                : new CommandLookup.Pending();
    }

    private Optional<FoundResult> newest(String commandId, Set<String> searched) {
        List<FoundResult> all = new ArrayList<>();
        for (App app : apps) {
            for (int partition = 0; partition < app.partitions; partition++) {
                try {
                    if (read(app, partition, commandId, all)) {
                        searched.add(SearchedPartitions.partition(app.type, partition));
                    }
                } catch (InvalidStateStoreException | IllegalStateException e) {
                    searched.remove(
                            SearchedPartitions.partition(app.type, partition)); // it is moving: others may have it
                } catch (SerializationException | BindingException e) {
                    LOG.warn(
                            "partition {} of {} has command {}, but the result can't be read",
                            partition,
                            app.commands,
                            commandId,
                            e);
                    searched.remove(SearchedPartitions.partition(app.type, partition));
                }
            }
        }
        return all.stream().max(Comparator.comparing(FoundResult::decided));
    }

    /** Whether the partition is here, with all that was decided before. */
    private boolean read(App app, int partition, String commandId, List<FoundResult> seen) {
        long wrongChecksums = BoundedRocksDb.wrongChecksums();
        QueryResult<KeyValueIterator<byte[], byte[]>> answer = streams.streams(app.name)
                .query(StateQueryRequest.inStore(CommandTopology.STORE)
                        .withQuery(StoredResults.query(commandId))
                        .withPartitions(Set.of(partition))
                        .requireActive())
                .getOnlyPartitionResult();
        if (answer == null || !answer.isSuccess()) {
            return false;
        }
        Long input = answer.getPosition().getPartitionPositions(app.commands).get(partition);
        results.read(app.results, answer.getResult())
                .forEach(each -> seen.add(new FoundResult(each, app, partition, input)));
        if (BoundedRocksDb.wrongChecksums() != wrongChecksums) { // an iterator ends there as if there were no more
            streams.suspectStores(app.name, "a block with a wrong checksum was found while a result was looked for");
            return false;
        }
        return true;
    }

    private boolean awaitCommit(FoundResult seen) {
        long deadline = System.nanoTime() + COMMIT_LIMIT.toNanos();
        while (!isCommitted(seen)) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            try {
                Thread.sleep(COMMIT_PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    private boolean isCommitted(FoundResult seen) {
        try {
            Long committed = committedOffset(streams.streams(seen.app.name), seen);
            return committed != null && seen.input != null && committed > seen.input;
        } catch (IllegalStateException | InvalidStateStoreException e) {
            return false;
        }
    }

    /** Streams updates this when a commit has returned. */
    private static @Nullable Long committedOffset(KafkaStreams streams, FoundResult seen) {
        TopicPartition input = new TopicPartition(seen.app.commands, seen.partition);
        return streams.metadataForLocalThreads().stream()
                .map(ThreadMetadata::activeTasks)
                .flatMap(Set::stream)
                .map(task -> task.committedOffsets().get(input))
                .filter(offset -> offset != null)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }
}
