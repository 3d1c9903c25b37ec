package dev.annals.engine.deciding;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.CommandResult.AppendedEvent;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.deciding.StateCodec.Versioned;
import dev.annals.engine.folding.DomainBug;
import dev.annals.engine.kafka.EventKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides commands, one after the other: a repeat gets its first result, an expected version is checked, the domain
 * decides, the state evolves. It publishes nothing and knows nothing of its host; it changes the store only through the
 * {@link HandledCommand#commit} of what it returns.
 *
 * <p>One handler owns all aggregates of its store. One thread at a time.
 */
final class CommandHandler<C, S extends Record, E> {

    private final AggregateType<C, S, E> type;
    private final Decider<C, S, E> decider;
    private final int maxEvents;
    private final ResultCodec results;
    private final LongSupplier clock;
    private final AggregateStates<S> states;
    private final DedupWindow dedup;
    private final Ownership<C, S> ownership;

    /**
     * What a command came to: what to publish, and what to store with it.
     *
     * @param events to append, in order
     * @param result to publish
     * @param encodedResult its bytes, see {@link ResultCodec}
     * @param commit makes the store reflect it; call it once, after everything has been encoded, in the transaction
     *     that publishes
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record HandledCommand<E>(List<E> events, CommandResult result, byte[] encodedResult, Runnable commit) {

        /** The version of the aggregate before its first new event. */
        long baseVersion() {
            return result.version() - events.size();
        }
    }

    /**
     * Results to and from the bytes that are published, which are stored with the command's id as well. One thread at a
     * time.
     */
    public interface ResultCodec {

        /** @throws CommandFailedException if the result can't be written or is too large */
        byte[] encode(CommandResult result);

        /** Reads what {@link #encode} wrote, in this version or an older one. */
        CommandResult decode(byte[] encoded);
    }

    /**
     * @param states of the aggregates
     * @param dedup the ids of their commands, in the same host
     * @param maxEvents the most events that one command may decide
     * @param results how they are published, and stored
     * @param clock milliseconds since the epoch, for {@link DedupEntry#decided}
     */
    CommandHandler(
            AggregateBinding<C, S, E> binding,
            AggregateStates<S> states,
            DedupWindow dedup,
            int maxEvents,
            ResultCodec results,
            LongSupplier clock) {
        this.type = binding.type();
        this.decider = type.decider();
        this.ownership = new Ownership<>(binding);
        this.maxEvents = maxEvents;
        this.results = results;
        this.clock = clock;
        this.states = states;
        this.dedup = dedup;
    }

    /**
     * @param now the newest timestamp of a command in the partition, this one's included, milliseconds since the epoch
     * @throws CommandFailedException if the domain threw, or decided what can't be stored
     */
    HandledCommand<E> handle(Command<C> command, long now) {
        HandledCommand<E> repeat = repeated(command, now);
        if (repeat != null) {
            return repeat;
        }
        Versioned<S> current = states.get(command.aggregateId());
        if (!ownership.allows(command, current)) {
            return forbid(command, current, now);
        }
        Long expected = command.expectedVersion();
        if (expected != null && expected != current.version()) {
            return reject(
                    command,
                    current,
                    CommandResult.VERSION_CONFLICT,
                    "expected version %d, the version is %d".formatted(expected, current.version()),
                    now);
        }
        return switch (decide(command, current.state())) {
            case Decision.Rejected<E>(String code, String message) -> reject(command, current, code, message, now);
            case Decision.Accepted<E>(List<E> events) -> accept(command, current, events, now);
        };
    }

    private @Nullable HandledCommand<E> repeated(Command<C> command, long now) {
        if (command.name() == null) {
            return null;
        }
        DedupEntry first = dedup.get(command.name(), command.aggregateId(), now);
        if (first == null) {
            return null;
        }
        if (!Objects.requireNonNull(first.fingerprint()).mayBe(command.fingerprint())) {
            return unstored(rejection(
                    command,
                    command.restrictions().isEmpty() ? version(command.aggregateId()) : CommandResult.UNKNOWN_VERSION,
                    CommandResult.IDEMPOTENCY_KEY_REUSED,
                    "the command id %s was used for another command; use a new id".formatted(command.id()),
                    null));
        }
        return unstored(results.decode(first.result()).asReplay());
    }

    private HandledCommand<E> unstored(CommandResult result) {
        return new HandledCommand<>(List.of(), result, results.encode(result), () -> {});
    }

    private Decision<E> decide(Command<C> command, S state) {
        Decision<E> decision = guarded("decide", () -> decider.decide(command.payload(), state, command.time()));
        if (decision instanceof Decision.Accepted<E>(List<E> events) && events.size() > maxEvents) {
            throw new CommandFailedException(
                    "too-many-events", "decided %d events, at most %d are allowed".formatted(events.size(), maxEvents));
        }
        return decision;
    }

    /** A bug in the domain's code must not stop the partition: it fails this command only. */
    private <T> T guarded(String function, Supplier<@Nullable T> call) {
        T returned;
        try {
            returned = call.get();
        } catch (RuntimeException | Error e) {
            DomainBug.require(e);
            throw new CommandFailedException(
                    CommandFailedException.HANDLER_FAILED, "%s.%s threw %s".formatted(name(), function, e), e);
        }
        if (returned == null) {
            throw new CommandFailedException(
                    CommandFailedException.HANDLER_FAILED, "%s.%s returned null".formatted(name(), function));
        }
        return returned;
    }

    private String name() {
        return decider.getClass().getName();
    }

    private HandledCommand<E> accept(Command<C> command, Versioned<S> current, List<E> events, long now) {
        requireVersions(command, current.version(), events.size());
        S state = current.state();
        List<AppendedEvent> appended = new ArrayList<>(events.size());
        long version = current.version();
        for (E event : events) {
            S before = state;
            state = guarded("evolve", () -> decider.fold(before, event));
            appended.add(new AppendedEvent(event.getClass().getSimpleName(), ++version));
        }
        CommandResult result = result(command, Outcome.ACCEPTED, version, appended, null, null, fingerprint(command));
        return store(command, events, result, new Versioned<>(version, state), now);
    }

    /** Only whoever else wrote to the events' topic can have brought an aggregate so far. */
    private void requireVersions(Command<C> command, long version, int more) {
        if (more > 0 && version > EventKey.MAX_VERSION - more) {
            throw new CommandFailedException(
                    "no-version-left",
                    "%s/%s has version %d, and the greatest is %d"
                            .formatted(type.name(), command.aggregateId(), version, EventKey.MAX_VERSION));
        }
    }

    private HandledCommand<E> reject(Command<C> command, Versioned<S> current, String code, String message, long now) {
        CommandResult result = rejection(command, current.version(), code, message, fingerprint(command));
        return store(command, List.of(), result, current, now);
    }

    /** Tells nothing of the aggregate, not even whether there is one. */
    private HandledCommand<E> forbid(Command<C> command, Versioned<S> current, long now) {
        CommandResult result = rejection(
                command,
                CommandResult.UNKNOWN_VERSION,
                CommandResult.FORBIDDEN,
                "you may send this command to your own alone, and %s/%s is none of them"
                        .formatted(type.name(), command.aggregateId()),
                fingerprint(command));
        return store(command, List.of(), result, current, now);
    }

    private HandledCommand<E> store(
            Command<C> command, List<E> events, CommandResult result, Versioned<S> state, long now) {
        Runnable change = events.isEmpty() ? () -> {} : states.change(command.aggregateId(), state);
        byte[] encodedResult = results.encode(result);
        String name = command.name();
        return new HandledCommand<>(events, result, encodedResult, () -> {
            change.run();
            if (name != null) {
                DedupEntry entry = new DedupEntry(command.fingerprint(), now, clock.getAsLong(), encodedResult);
                dedup.put(name, command.aggregateId(), entry);
            }
        });
    }

    long version(String aggregateId) {
        return states.version(aggregateId);
    }

    /** Keeps the result of a command that failed, so that its id can be looked up; the id stays free. */
    void keepFailed(String name, String aggregateId, byte[] encoded, long now) {
        DedupEntry entry = new DedupEntry(null, now, clock.getAsLong(), encoded);
        dedup.putFailed(name, aggregateId, entry, now);
    }

    private static @Nullable String fingerprint(Command<?> command) {
        return command.id() == null ? null : command.fingerprint().text();
    }

    private CommandResult rejection(
            Command<C> command, long version, String code, String message, @Nullable String fingerprint) {
        return result(command, Outcome.REJECTED, version, List.of(), code, message, fingerprint);
    }

    private CommandResult result(
            Command<C> command,
            Outcome outcome,
            long version,
            List<AppendedEvent> events,
            @Nullable String code,
            @Nullable String message,
            @Nullable String fingerprint) {
        return new CommandResult(
                command.id(),
                command.type().substring(command.type().lastIndexOf('.') + 1),
                type.name(),
                command.aggregateId(),
                outcome,
                version,
                events,
                code,
                message,
                false,
                command.time(),
                command.correlationId(),
                fingerprint);
    }
}
