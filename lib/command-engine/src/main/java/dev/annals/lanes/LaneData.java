package dev.annals.lanes;

import dev.annals.api.AggregateType;
import dev.annals.engine.deciding.EventFold;
import dev.annals.engine.deciding.StateCodec;
import dev.annals.engine.deciding.StateCodec.Versioned;
import dev.annals.engine.rebuilding.Rebuild.StoppedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a lane has taken from its logs: in memory and on disk, and up to where. Checkpoints bring what is committed to
 * disk in the background; one that is flushed outlives the process. The lane's thread's own.
 */
final class LaneData<S extends Record> implements AutoCloseable {

    private static final Duration CHECKPOINT_EVERY = Duration.ofMillis(500);
    private static final Duration FLUSH_EVERY = Duration.ofSeconds(5);

    /** Committed and not on its way to disk: from here on a checkpoint is begun at once. */
    private static final long CHECKPOINT_BYTES = 8L << 20;

    /** From here on the lane waits for the disk. */
    private static final long MOST_UNWRITTEN_BYTES = 64L << 20;

    private static final int SWEPT_A_CHECKPOINT = 1_000;

    /** For each new id: above 1, so that the sweep gets round; at 3, a third of the ids may have expired. */
    private static final int SWEPT_FOR_EACH = 3;

    private static final int KNOWN_AT_A_TIME = 5_000;

    private final LaneStore store;
    private final StateCodec<S> codec;
    private final LaneMemory<S> memory;
    private final Positions positions;
    private final LaneEnvironment environment;
    private long checkpointAt = System.nanoTime();
    private long flushAt = System.nanoTime();
    private @Nullable CompletableFuture<Void> writing;

    private LaneData(
            LaneStore store,
            StateCodec<S> codec,
            LaneMemory<S> memory,
            Positions positions,
            LaneEnvironment environment) {
        this.store = store;
        this.codec = codec;
        this.memory = memory;
        this.positions = positions;
        this.environment = environment;
    }

    /**
     * Opens what is on disk, and forgets states that other code has made.
     *
     * @param logs the partitions of events and results
     * @throws LaneStoreException if it is damaged
     */
    static <S extends Record> LaneData<S> open(
            AggregateType<?, S, ?> type, Set<TopicPartition> logs, Path folder, LaneEnvironment environment) {
        String events = environment.topics().events(type.name());
        LaneStore store = LaneStore.open(folder, environment.tuning());
        StateCodec<S> codec = new StateCodec<>(type.state(), type.decider());
        if (!store.hasAggregates()) { // it may be there from before events were restored
            store.beginRecovering();
        }
        if (!Objects.equals(store.identity(), codec.identity())) {
            store.beginStates(
                    logs.stream().filter(each -> each.topic().equals(events)).collect(Collectors.toSet()),
                    StateCodec::known);
        }
        Positions known = Positions.none(logs);
        known.advance(store.positions());
        return new LaneData<>(store, codec, new LaneMemory<>(store, codec), known, environment);
    }

    LaneStore store() {
        return store;
    }

    /**
     * Takes the states that are published, where there are none.
     *
     * @param goOn false where nobody needs them any more
     * @return whether there are states; if not, it is begun anew the next time
     */
    boolean restoreStates(
            Consumer<byte[], byte[]> consumer, String type, Set<Integer> partitions, BooleanSupplier goOn) {
        if (store.identity() != null) {
            return true;
        }
        String events = environment.topics().events(type);
        Map<TopicPartition, Long> next = new StateRestore(
                        store, codec, environment.topics().states(type), events)
                .run(consumer, partitions, goOn);
        if (!goOn.getAsBoolean()) {
            return false;
        }
        store.haveStates(codec.identity(), next);
        next.forEach(positions::advance);
        return true;
    }

    /**
     * All events are taken: what an aggregate was known to have had beyond them is gone from the log, but its version
     * stays. Ids of commands are complete, too.
     *
     * @throws StoppedException if its domain can't do without
     */
    void settle(EventFold<S, ?> rules) {
        if (store.isRecovering()) {
            flush();
            store.endRecovering();
        }
        Map<String, Long> page = store.known(null, KNOWN_AT_A_TIME);
        if (page.isEmpty()) {
            return;
        }
        while (!page.isEmpty()) {
            String last = "";
            for (Map.Entry<String, Long> each : page.entrySet()) {
                last = each.getKey();
                Versioned<S> state = memory.any(last);
                if (state.isWhole() && state.version() < each.getValue()) {
                    memory.take(
                            last,
                            rules.withoutMissingEnd(
                                    last, new Versioned<>(state.version(), state.state(), each.getValue())));
                }
            }
            flush();
            page = store.known(last, KNOWN_AT_A_TIME);
        }
        store.forgetKnown();
    }

    LaneMemory<S> memory() {
        return memory;
    }

    Positions positions() {
        return positions;
    }

    /**
     * Begins a checkpoint if one is due, and ends the one before if it is written.
     *
     * @param time of the lane, by the brokers' clock, in milliseconds since the epoch: command ids expire by it
     * @throws LaneStoreException if the disk fails
     */
    void checkpointIfDue(long time) {
        long now = System.nanoTime();
        CompletableFuture<Void> write = writing;
        if (write != null && (write.isDone() || memory.unwritten() > MOST_UNWRITTEN_BYTES)) {
            end(write);
        }
        boolean due = now - checkpointAt > 0 || memory.unwritten() > CHECKPOINT_BYTES;
        if (writing == null && due && memory.unwritten() > 0) {
            checkpointAt = now + CHECKPOINT_EVERY.toNanos();
            boolean flush = now - flushAt > 0;
            flushAt = flush ? now + FLUSH_EVERY.toNanos() : flushAt;
            writing = CompletableFuture.runAsync(writer(flush, time), environment.background());
        }
    }

    private Runnable writer(boolean flush, long time) {
        LaneMemory<S>.Checkpoint checkpoint = memory.checkpoint(positions);
        long expired = time - environment.deciding().retention().toMillis();
        return () -> {
            checkpoint.write();
            store.sweep(expired, SWEPT_A_CHECKPOINT + SWEPT_FOR_EACH * checkpoint.ids());
            if (flush) {
                store.flush();
            }
        };
    }

    private void end(CompletableFuture<Void> write) {
        writing = null;
        try {
            write.join();
        } catch (CompletionException e) {
            memory.notWritten();
            throw e.getCause() instanceof LaneStoreException cause ? cause : e;
        }
        memory.written();
    }

    /**
     * Writes and flushes all that is committed, so that the next start has nothing to read again.
     *
     * @throws LaneStoreException if the disk fails
     */
    void flush() {
        if (writing != null) {
            end(writing);
        }
        memory.checkpoint(positions).write();
        memory.written();
        store.flush();
    }

    /** Waits for a checkpoint under way; what is not on disk is read from the logs again. */
    @Override
    public void close() {
        if (writing != null) {
            writing.exceptionally(failure -> null).join();
        }
        store.close();
    }
}
