package dev.annals.engine.deciding;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.deciding.StateCodec.Versioned;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.rebuilding.LogReader;
import dev.annals.engine.rebuilding.PartitionLog;
import dev.annals.engine.rebuilding.Rebuild;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the states of a store those of the present code, from the events, a chunk at a time: what a chunk has changed
 * and how far it came can be committed together, so that a rebuild that was cut off goes on where it was.
 *
 * <p>A state of the present identity is the fold of its aggregate's first events by the present code, whoever stored it
 * and when. It is kept, and the events that it has are skipped; so it does no harm when two releases take turns at a
 * partition. An aggregate never goes back behind the version that it had, even where its last events were erased.
 *
 * <p>A store that was lost, or never was, has lost its command ids too: these are taken from the events likewise.
 *
 * <p>One thread at a time.
 */
final class StateRebuild<S extends Record, E> implements Rebuild {

    /** Events in a chunk, which bounds what it keeps in memory and writes. */
    static final int MAX_EVENTS = 5_000;

    private static final int SCANNED = 1_000;

    /** Where brokers stamp events too, one may have done it by another clock than the command's. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

    /** States kept as objects from chunk to chunk. */
    private static final int MAX_KEPT = 10_000;

    private enum Phase {
        /** All states are as they should be, if the log still has the last event that is in them. */
        COMPARING,
        FOLDING,
        /** All events are folded; now each state must have reached its version. */
        CHECKING,
        DONE
    }

    private final AggregateBinding<?, S, E> binding;
    private final EventFold<S, E> events;
    private final CommandStore store;
    private final StateCodec<S> codec;
    private final int maxStateBytes;
    private final Supplier<PartitionLog> logs;

    /** Null where the store has the ids of all commands. */
    private final @Nullable RecoveredCommands commands;

    private final Map<String, Versioned<S>> states = new HashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();

    private Phase phase = Phase.FOLDING;
    private @Nullable LogReader log;
    private @Nullable LastEvent last;
    private long next;
    private long folded;
    private boolean written;

    /** Where the scan of states goes on. */
    private byte[] scanned = StoreKeys.FIRST_STATE;

    /**
     * Looks at the mark of the store, no further.
     *
     * @param maxStateBytes the largest state that may be stored
     * @param deserializer stays the caller's to close
     * @param logs opens the events of the store's partition; asked when the first is needed
     * @param commands takes ids of commands where the store has lost them
     */
    StateRebuild(
            AggregateBinding<?, S, E> binding,
            CommandStore store,
            StateCodec<S> codec,
            int maxStateBytes,
            Deserializer<Object> deserializer,
            Supplier<PartitionLog> logs,
            RecoveredCommands commands) {
        this.binding = binding;
        this.events = new EventFold<>(binding, deserializer);
        this.store = store;
        this.codec = codec;
        this.maxStateBytes = maxStateBytes;
        this.logs = logs;
        byte[] stored = store.get(StoreKeys.MARK);
        StatesMark mark = stored == null ? null : StatesMark.decode(stored);
        boolean hasStates = hasStates();
        this.commands = mark == null || mark.recovering() || !hasStates ? commands : null;
        if (mark != null && mark.identity() == codec.identity() && hasStates) {
            byte[] noted = store.get(StoreKeys.LAST_EVENT);
            this.last = noted == null ? null : LastEvent.decode(noted);
            this.phase = !mark.complete() ? Phase.FOLDING : last == null ? Phase.DONE : Phase.COMPARING;
            this.next = mark.next();
        }
    }

    /**
     * A store without states may have been completed when there were no events, and events have been restored since.
     */
    private boolean hasStates() {
        boolean[] found = {false};
        store.scan(StoreKeys.FIRST_STATE, StoreKeys.AFTER_STATES, 1, (key, value) -> found[0] = true);
        return found[0];
    }

    /** Whether every state is what the present code makes of all events. Until then, none may be used. */
    @Override
    public boolean isDone() {
        return phase == Phase.DONE;
    }

    /** How far the events are folded, in offsets since the first; null while that isn't known. */
    @Override
    public @Nullable Progress progress() {
        return log == null ? null : log.progress();
    }

    @Override
    public boolean hasChanged() {
        return written;
    }

    @Override
    public long taken() {
        return folded;
    }

    @Override
    public void step(BooleanSupplier goOn) {
        switch (phase) {
            case COMPARING -> compare(goOn);
            case FOLDING -> fold(goOn);
            case CHECKING -> check(goOn);
            case DONE -> {}
        }
    }

    /**
     * Looks for the last event that the store knows of: where a leader without the end of the log has taken over, the
     * next event would leave a gap for ever.
     */
    private void compare(BooleanSupplier goOn) {
        LastEvent wanted = Objects.requireNonNull(last);
        LogReader from = log;
        if (from == null) {
            from = LogReader.since(logs, Math.max(0, wanted.time() - CLOCKS_APART.toMillis()));
            log = from;
        }
        while (goOn.getAsBoolean()) {
            ConsumerRecord<byte[], byte[]> record = from.peek();
            if (record != null && !wanted.matches(record.key())) {
                from.take();
            } else if (record != null) {
                phase = Phase.DONE;
                close();
                return;
            } else if (from.isAtEnd()) {
                close(); // to look anew
                throw new StoppedException(
                        "the last event that was decided, %s/%s, is not in the log any more, which has lost its end: stop the services, and restore a backup (annals restore) into a new installation with another annals.topics.prefix"
                                .formatted(type(), new String(wanted.key(), StandardCharsets.UTF_8)),
                        null);
            } else {
                return;
            }
        }
    }

    private void fold(BooleanSupplier goOn) {
        LogReader from = log;
        if (from == null) {
            from = opened();
            log = from;
        }
        try {
            for (int count = 0; count < MAX_EVENTS && goOn.getAsBoolean(); count++) {
                ConsumerRecord<byte[], byte[]> record = from.peek();
                if (record == null) {
                    break;
                }
                fold(record);
                from.take();
                folded++;
            }
        } finally {
            next = from.next();
            flush();
        }
        if (from.isAtEnd()) {
            phase = Phase.CHECKING;
        }
    }

    private LogReader opened() {
        LogReader open = LogReader.from(logs, next);
        try {
            if (commands != null && !open.isAtEnd()) {
                commands.begin(open.newest());
            }
            return open;
        } catch (RuntimeException e) {
            open.close();
            throw e;
        }
    }

    private void fold(ConsumerRecord<byte[], byte[]> record) {
        EventKey key = events.key(record);
        if (key == null) {
            return;
        }
        if (commands != null) {
            commands.take(key, record);
        }
        String id = key.aggregateId();
        Versioned<S> after = events.fold(states.computeIfAbsent(id, this::stored), key, record);
        if (after != null) {
            states.put(id, after);
            changed.add(id);
        }
    }

    private Versioned<S> stored(String aggregateId) {
        byte[] stored = store.get(StoreKeys.state(aggregateId));
        return stored == null ? codec.none() : codec.decodeAny(stored);
    }

    private String type() {
        return binding.type().name();
    }

    private void flush() {
        changed.forEach(id -> put(id, Objects.requireNonNull(states.get(id))));
        changed.clear();
        if (commands != null) {
            commands.flush();
        }
        if (states.size() > MAX_KEPT) {
            states.clear();
        }
        mark(false);
    }

    private void put(String aggregateId, Versioned<S> state) {
        byte[] encoded;
        try {
            encoded = codec.encode(state);
        } catch (BindingException e) {
            throw new StoppedException(
                    "%s/%s: the state can't be stored: %s".formatted(type(), aggregateId, e.getMessage()), e);
        }
        if (encoded.length > maxStateBytes) {
            throw new StoppedException(
                    "%s/%s: the state has %d bytes, at most %d are allowed: raise %s"
                            .formatted(
                                    type(),
                                    aggregateId,
                                    encoded.length,
                                    maxStateBytes,
                                    DecidingConfig.MAX_RECORD_BYTES_KEY),
                    null);
        }
        written = true;
        store.put(StoreKeys.state(aggregateId), encoded);
    }

    private void mark(boolean complete) {
        written = true;
        store.put(StoreKeys.MARK, new StatesMark(codec.identity(), complete, commands != null, next).encode());
    }

    private void check(BooleanSupplier goOn) {
        LinkedHashMap<String, Versioned<S>> page = new LinkedHashMap<>();
        do {
            page.clear();
            store.scan(
                    scanned,
                    StoreKeys.AFTER_STATES,
                    SCANNED,
                    (key, value) -> page.put(StoreKeys.aggregateId(key), codec.decodeAny(value)));
            page.forEach(this::skipMissingEnd);
            if (page.size() < SCANNED) {
                finish();
                return;
            }
            scanned = StoreKeys.after(StoreKeys.state(page.lastEntry().getKey()));
        } while (goOn.getAsBoolean());
    }

    /** The events that this aggregate once had after the last one found have been erased. */
    private void skipMissingEnd(String id, Versioned<S> state) {
        if (!state.isWhole()) {
            put(id, events.withoutMissingEnd(id, state));
        }
    }

    private void finish() {
        mark(true);
        phase = Phase.DONE;
        close();
    }

    @Override
    public void close() {
        LogReader closing = log;
        log = null;
        states.clear();
        changed.clear();
        if (commands != null) {
            commands.clear();
        }
        if (closing != null) {
            closing.close();
        }
    }
}
