package dev.annals.engine.reacting;

import dev.annals.api.Effect;
import dev.annals.api.Input;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.ResultReader;
import dev.annals.engine.folding.DomainBug;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Instruction;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.kafka.UtcTimes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Tells the instances of one partition their inputs, one after the other, and writes what they do about them. It knows
 * nothing of its host but the store and {@link Outputs}; what it changes and puts out belongs into one transaction.
 *
 * <p>One thread at a time.
 */
final class Reactor<S extends java.lang.Record> {

    private static final int MAX_TIMER_NAME = 100;

    private final ProcessBinding<S> binding;
    private final Journal<S> journal;
    private final InstanceStore<S> store;
    private final Topics topics;
    private final Deserializer<Object> deserializer;
    private final ResultReader results;
    private final ReactionWriter writer;
    private final ReactingConfig config;
    private final Outputs outputs;

    /** Where it goes that an instance does. */
    interface Outputs {

        void journal(Record<byte[], byte[]> entry);

        /** @param type of the aggregate that it is for */
        void command(String type, Record<byte[], byte[]> command);

        void deadLetter(Record<byte[], byte[]> record, String reason, String message);

        /** @param before whether it was parked already, for another reason */
        void parked(String instance, ParkedException reason, boolean before);

        /** An instance is parked no longer. */
        void goesOn(String instance);
    }

    /** What an input is, for the journal and for the process. */
    private record Told(GenericRecord input, List<Input> inputs) {}

    /** A command for an aggregate of a type. */
    private record Outgoing(String type, Record<byte[], byte[]> record) {}

    Reactor(
            ProcessBinding<S> binding,
            Journal<S> journal,
            InstanceStore<S> store,
            Topics topics,
            Deserializer<Object> deserializer,
            ReactionWriter writer,
            ReactingConfig config,
            Outputs outputs) {
        this.binding = binding;
        this.journal = journal;
        this.store = store;
        this.topics = topics;
        this.deserializer = deserializer;
        this.results = new ResultReader(deserializer);
        this.writer = writer;
        this.config = config;
        this.outputs = outputs;
    }

    /**
     * Takes what comes for an instance.
     *
     * @throws RuntimeException as the (de)serializer throws it, if the registry is away; nothing has been put out then
     *     that the host's transaction would not take back
     */
    void take(String id, Record<byte[], byte[]> record) {
        Arrival arrival = Arrival.of(record.headers());
        if (store.hasEnded(id)) {
            return;
        }
        boolean parked = store.parked(id) != null;
        switch (arrival) {
            case Arrival.Retry retry when parked -> goOn(id, null);
            case Arrival.Skip skip when parked -> goOn(id, new PassingOver(skip.reason(), record.headers()));
            case Arrival.Retry retry -> {}
            case Arrival.Skip skip -> {}
            case Arrival.Erased(long number, String type, EventKey key) -> erase(id, number, type, key, record);
            case Arrival.NoInstance none -> throw new IllegalArgumentException("of no instance");
            case Arrival.OfEvent event -> tell(id, arrival, record, parked);
            case Arrival.OfAnswer answer -> tell(id, arrival, record, parked);
            case Arrival.OfTimer timer -> tell(id, arrival, record, parked);
        }
    }

    /** Its state stays as it is. An entry whose command has no answer stays, since the answer needs the command. */
    private void erase(String id, long number, String type, EventKey key, Record<byte[], byte[]> word) {
        store.forgetWaiting(id, new Arrival.OfEvent(type, key));
        if (store.hasEntry(id, number) && !instanceNumbers(id).unanswered().containsValue(number)) {
            store.erase(id, number);
            outputs.journal(new Record<>(
                    new EventKey(id, number).toBytes(),
                    null,
                    word.timestamp(),
                    Arrival.unmarked(word).headers()));
        }
    }

    private Instance<S> instanceNumbers(String id) {
        try {
            return instance(id);
        } catch (ParkedException withoutState) {
            return store.withoutState(id);
        }
    }

    private void tell(String id, Arrival arrival, Record<byte[], byte[]> record, boolean parked) {
        if (parked) {
            await(id, arrival, record);
            return;
        }
        try {
            react(id, arrival, record);
        } catch (ParkedException e) {
            await(id, arrival, record);
            park(id, arrival, record, e);
        }
    }

    /** A timer always finds a place: an instance has no more of them than fit into its state. */
    private void await(String id, Arrival arrival, Record<byte[], byte[]> record) {
        int limit = arrival instanceof Arrival.OfTimer ? Integer.MAX_VALUE : config.maxWaiting();
        if (!store.await(id, record, limit)) {
            outputs.deadLetter(
                    Arrival.unmarked(record),
                    "parked",
                    "instance %s is parked, and %d inputs wait for it already".formatted(id, config.maxWaiting()));
        }
    }

    /** That what an instance is parked with is passed over, with the headers that say who wants it. */
    private record PassingOver(String reason, Headers word) {}

    /** Tells a parked instance what waits, until it can't go on again. */
    private void goOn(String id, @Nullable PassingOver first) {
        PassingOver passOver = first;
        InstanceStore.Waiting next = store.firstWaiting(id);
        while (next != null && !store.hasEnded(id)) {
            Record<byte[], byte[]> record = next.record();
            Arrival arrival = Arrival.of(record.headers());
            try {
                if (passOver == null) {
                    react(id, arrival, record);
                } else {
                    passOver(id, arrival, record, passOver);
                    passOver = null;
                }
            } catch (ParkedException e) {
                park(id, arrival, record, e);
                return;
            }
            store.told(id, next);
            next = store.firstWaiting(id);
        }
        store.dropWaiting(id);
        store.unpark(id);
        outputs.goesOn(id);
    }

    private void react(String id, Arrival arrival, Record<byte[], byte[]> record) {
        Instance<S> instance = instance(id);
        if (!instance.isNews(arrival)) {
            return;
        }
        Told told = told(id, instance, arrival, record);
        S before = instance.state();
        S after = before;
        List<GenericRecord> effects = new ArrayList<>();
        long sent = instance.sent();
        for (Input input : told.inputs()) {
            S from = after;
            after = call("evolve", () -> journal.evolve(from, List.of(input)));
            S reached = after;
            for (Effect effect : call("react", () -> reactions(reached, input))) {
                sent += effect instanceof Effect.Send ? 1 : 0;
                effects.add(written(effect, sent));
            }
        }
        requireFew(effects);
        if (instance.isNew() && effects.isEmpty() && after.equals(before)) {
            return; // It leaves no trace.
        }
        int hops = Math.max(instance.hops(), Hops.of(record.headers()));
        GenericRecord entry = journal.entry(told.input(), effects, null, null, hops, correlation(id, instance, record));
        write(id, instance, entry, after, record);
    }

    private @Nullable List<Effect> reactions(S state, Input input) {
        List<Effect> effects = binding.process().react(state, input);
        return effects == null ? null : List.copyOf(effects); // which refuses a null among them
    }

    /** Throws also where other code stored it, and today's can't fold its journal. */
    private Instance<S> instance(String id) {
        return guarded(InstanceStore.NO_STATE, () -> store.get(id));
    }

    /** An operator has said so: the input counts as told, and nothing comes of it. */
    private void passOver(String id, Arrival arrival, Record<byte[], byte[]> record, PassingOver by) {
        Instance<S> instance = instance(id);
        if (instance.isNews(arrival)) {
            GenericRecord entry = journal.entry(
                    unread(instance, arrival, record),
                    List.of(),
                    null,
                    by.reason(),
                    instance.hops(),
                    correlation(id, instance, record));
            write(id, instance, entry, instance.state(), record, by.word());
        }
    }

    /** Says in the journal why the instance does not go on; once, however often it is tried again. */
    private void park(String id, Arrival arrival, Record<byte[], byte[]> record, ParkedException failure) {
        String before = store.parked(id);
        if (failure.reason().equals(before)) {
            return;
        }
        store.park(id, failure.reason());
        outputs.parked(id, failure, before != null);
        try {
            Instance<S> instance = instance(id);
            write(id, instance, failed(id, instance, arrival, record, failure), instance.state(), record);
        } catch (ParkedException withoutState) {
            Instance<S> numbers = store.withoutState(id);
            GenericRecord entry = failed(id, numbers, arrival, record, failure);
            Record<byte[], byte[]> written = writer.entry(id, numbers.entries() + 1, entry, record);
            store.append(id, numbers.entries() + 1, written.value());
            outputs.journal(written);
        }
    }

    private GenericRecord failed(
            String id, Instance<S> instance, Arrival arrival, Record<byte[], byte[]> record, ParkedException failure) {
        return journal.entry(
                unread(instance, arrival, record),
                List.of(),
                failure.reason(),
                null,
                instance.hops(),
                correlation(id, instance, record));
    }

    private void write(String id, Instance<S> instance, GenericRecord entry, S after, Record<byte[], byte[]> cause) {
        write(id, instance, entry, after, cause, new RecordHeaders());
    }

    /** @param word of the operator who has it written; empty where none has */
    private void write(
            String id, Instance<S> instance, GenericRecord entry, S after, Record<byte[], byte[]> cause, Headers word) {
        Map<String, Instant> timersBefore = instance.timersBefore(entry);
        instance.apply(entry, after);
        Record<byte[], byte[]> written = writer.entry(id, instance.entries(), entry, cause);
        Instruction.copy(word, written.headers());
        List<Outgoing> commands = commands(id, entry, cause);
        byte[] encoded = encode(instance);
        store.put(id, instance, encoded, written.value(), timersBefore);
        outputs.journal(written);
        commands.forEach(command -> outputs.command(command.type(), command.record()));
    }

    private List<Outgoing> commands(String id, GenericRecord entry, Record<byte[], byte[]> cause) {
        List<Outgoing> commands = new ArrayList<>();
        for (GenericRecord effect : Journal.effects(entry)) {
            if (Journal.isSend(effect)) {
                Record<byte[], byte[]> command = writer.command(
                        id,
                        effect,
                        Journal.time(Journal.input(entry)),
                        Journal.hops(entry) + 1,
                        Journal.text(entry, JournalSchema.CORRELATION_ID),
                        cause);
                commands.add(new Outgoing(ReactionWriter.type(effect), command));
            }
        }
        return commands;
    }

    private byte[] encode(Instance<S> instance) {
        byte[] encoded = guarded("its state can't be stored", () -> store.encode(instance));
        if (encoded.length > config.maxRecordBytes()) {
            throw new ParkedException("the state would have %d bytes, at most %d are allowed"
                    .formatted(encoded.length, config.maxRecordBytes()));
        }
        return encoded;
    }

    private Told told(String id, Instance<S> instance, Arrival arrival, Record<byte[], byte[]> record) {
        return switch (arrival) {
            case Arrival.OfEvent event -> event(id, event, record);
            case Arrival.OfAnswer answer -> {
                CommandResult result = guarded(
                        "a result can't be read",
                        () -> results.read(topics.results(answer.type()), record.headers(), record.value()));
                GenericRecord input = journal.answered(answer, result);
                long entry = Objects.requireNonNull(instance.entryOf(answer.number()));
                yield new Told(
                        input,
                        guarded(
                                "the command that is answered can't be read",
                                () -> journal.inputs(input, store.entry(id, entry))));
            }
            case Arrival.OfTimer timer -> {
                GenericRecord input = journal.due(timer);
                yield new Told(input, journal.inputs(input, null));
            }
            default -> throw new IllegalArgumentException("no input: " + arrival);
        };
    }

    /** Of what a stored event means, an instance is told what is its own. */
    private Told event(String id, Arrival.OfEvent event, Record<byte[], byte[]> record) {
        return guarded("an event can't be read", () -> {
            Object value = deserializer.deserialize(topics.events(event.type()), record.headers(), record.value());
            List<IndexedRecord> today = binding.followed(event.type()).eventRecords((IndexedRecord) value);
            Instant time = UtcTimes.ofEvent(record.headers(), record.timestamp());
            List<IndexedRecord> own = new ArrayList<>();
            List<Input> inputs = new ArrayList<>();
            for (IndexedRecord each : today) {
                for (Input input :
                        journal.inputs(journal.happened(event.type(), event.key(), time, List.of(each)), null)) {
                    if (id.equals(binding.instance((Input.Happened) input))) {
                        own.add(each);
                        inputs.add(input);
                    }
                }
            }
            return new Told(journal.happened(event.type(), event.key(), time, own), inputs);
        });
    }

    /** The input for the journal where it may be what can't be read: whose it is, without what it says. */
    private GenericRecord unread(Instance<S> instance, Arrival arrival, Record<byte[], byte[]> record) {
        return switch (arrival) {
            case Arrival.OfEvent(String type, var key) ->
                journal.happened(type, key, Instant.ofEpochMilli(record.timestamp()), List.of());
            case Arrival.OfAnswer answer ->
                journal.answered(
                        answer,
                        new CommandResult(
                                null,
                                "",
                                answer.type(),
                                "",
                                CommandResult.Outcome.FAILED,
                                CommandResult.UNKNOWN_VERSION,
                                List.of(),
                                null,
                                null,
                                false,
                                Instant.ofEpochMilli(record.timestamp()),
                                instance.correlationId()));
            case Arrival.OfTimer timer -> journal.due(timer);
            default -> throw new IllegalArgumentException("no input: " + arrival);
        };
    }

    private GenericRecord written(Effect effect, long number) {
        switch (effect) {
            case Effect.Send send -> {
                require(
                        AggregateIds.isValid(send.aggregateId()),
                        "aggregate id",
                        send.aggregateId(),
                        AggregateIds.RULE);
                Long expected = send.expectedVersion();
                require(expected == null || expected >= 0, "expected version", expected, "0 or more");
            }
            case Effect.At at -> requireTimer(at.timer());
            case Effect.Cancel cancel -> requireTimer(cancel.timer());
            case Effect.End end -> {}
        }
        return guarded("an effect can't be written", () -> journal.effect(effect, number));
    }

    private void requireTimer(String name) {
        boolean valid = !name.isEmpty()
                && name.length() <= MAX_TIMER_NAME
                && name.chars().noneMatch(Character::isISOControl);
        require(valid, "timer", name, "1 to %d printable characters".formatted(MAX_TIMER_NAME));
    }

    private void require(boolean holds, String what, @Nullable Object actual, String expected) {
        if (!holds) {
            throw new ParkedException("%s.react: %s '%s': expected %s".formatted(name(), what, actual, expected));
        }
    }

    private void requireFew(List<GenericRecord> effects) {
        if (effects.size() > config.maxEffects()) {
            throw new ParkedException("%s.react returned %d effects, at most %d are allowed"
                    .formatted(name(), effects.size(), config.maxEffects()));
        }
    }

    private String name() {
        return binding.process().getClass().getName();
    }

    /** A bug in the process must not stop the partition: it parks this instance only. */
    private <T> T call(String function, Supplier<@Nullable T> call) {
        T returned;
        try {
            returned = call.get();
        } catch (RuntimeException | Error e) {
            DomainBug.require(e);
            throw new ParkedException("%s.%s threw %s".formatted(name(), function, e), e);
        }
        if (returned == null) {
            throw new ParkedException("%s.%s returned null".formatted(name(), function));
        }
        return returned;
    }

    /** What can pass by itself leaves as it is: the registry is away, or the task has moved. */
    private static <T> T guarded(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (ParkedException e) {
            throw e;
        } catch (KafkaException e) {
            if (!(e instanceof SerializationException) || RegistryFailures.mayPass(e)) {
                throw e;
            }
            throw new ParkedException("%s: %s".formatted(what, RegistryFailures.describe(e)), e);
        } catch (RuntimeException | Error e) { // of data that don't fit, or of the process's code
            DomainBug.require(e);
            throw new ParkedException("%s: %s".formatted(what, e), e);
        }
    }

    /** Where nobody has named what belongs together, the instance does. */
    private String correlation(String id, Instance<S> instance, Record<byte[], byte[]> record) {
        String known = instance.correlationId();
        String given = known == null ? HeaderName.CORRELATION_ID.in(record.headers()) : known;
        return given == null ? binding.name() + "/" + id : given;
    }
}
