package dev.annals.engine.deciding;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.CommandHandler.HandledCommand;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.DeadLetterRecord;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.viewregistry.CommandSkip;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Decides command records: the record of a command in, the records of what became of it out. It publishes nothing, and
 * changes its stores only through {@link Decided#commit}, so its host decides what is one transaction.
 *
 * <p>One thread at a time.
 */
public final class RecordDecider<C, S extends java.lang.Record, E> implements AutoCloseable {

    private final Deserializer<Object> deserializer;
    private final Serializer<Object> serializer;
    private final CommandReader<C> reader;
    private final CommandHandler<C, S, E> handler;
    private final RecordWriter<E> writer;
    private final CommandHandler.ResultCodec results;
    private final BugLog bugs;
    private final ActorTrust trust;

    /** Where a record goes; all but {@link #COMMANDS} into the partition of the aggregate, or any. */
    public enum Target {
        EVENTS,
        RESULTS,
        DEAD_LETTERS,
        /** The command itself, which its sender put into a partition that its aggregate is not in. */
        COMMANDS
    }

    public record Output(Target target, Record<byte[], byte[]> record) {}

    /**
     * A command to decide.
     *
     * @param record as it was sent
     * @param place where it stands; null if it was not sent through a topic
     * @param resultId the {@code ce_id} of its result: one for each time that it is asked
     * @param misrouted whether its aggregate is in another partition
     */
    public record Asked(
            Record<byte[], byte[]> record, @Nullable RecordPlace place, String resultId, boolean misrouted) {}

    /**
     * What a command came to.
     *
     * @param outputs to publish, in order
     * @param result null where nobody is told: a misrouted command, or one that can't be read and has no id
     * @param commit makes the stores reflect it; call it once, in the transaction that publishes
     */
    public record Decided(List<Output> outputs, @Nullable CommandResult result, Runnable commit) {}

    /**
     * What is stored with a command is what was published: encoded once, and read as any reader of the topic reads it.
     */
    private record PublishedForm(RecordWriter<?> writer, ResultReader reader, String topic)
            implements CommandHandler.ResultCodec {

        @Override
        public byte[] encode(CommandResult result) {
            return writer.encode(result);
        }

        @Override
        public CommandResult decode(byte[] encoded) {
            return reader.read(topic, new RecordHeaders(), encoded);
        }
    }

    /**
     * @param states of the aggregates
     * @param ids keeps the ids of commands with their results
     * @param bugs is told where the domain's code throws
     * @param clock milliseconds since the epoch
     */
    public RecordDecider(
            AggregateBinding<C, S, E> binding,
            Topics topics,
            AvroSerdes serdes,
            DecidingConfig config,
            AggregateStates<S> states,
            CommandIds ids,
            BugLog bugs,
            LongSupplier clock) {
        String type = binding.type().name();
        this.deserializer = serdes.newDeserializer();
        this.serializer = serdes.newSerializer();
        this.writer = new RecordWriter<>(binding, topics, serializer, config.maxRecordBytes());
        this.results = new PublishedForm(writer, new ResultReader(deserializer), topics.results(type));
        this.reader = new CommandReader<>(topics.commands(type), binding, deserializer, config.trust());
        this.bugs = bugs;
        this.trust = config.trust();
        this.handler = new CommandHandler<>(
                binding,
                states,
                new DedupWindow(ids, config.retention().toMillis()),
                config.maxEvents(),
                results,
                clock);
    }

    /** Results as they are published and stored. */
    public CommandHandler.ResultCodec results() {
        return results;
    }

    /** For whoever reads other records of the same thread. */
    public Deserializer<Object> deserializer() {
        return deserializer;
    }

    /** The result in what is kept under a command id. */
    public CommandResult stored(byte[] kept) {
        return results.decode(DedupEntry.decode(kept).result());
    }

    /**
     * Everything is encoded before anything changes: what can't be written is never half done.
     *
     * @param now the newest time of a command so far, this one's included, in milliseconds since the epoch
     * @throws RuntimeException only what can pass by itself: the registry is away
     */
    public Decided decide(Asked asked, long now) {
        Asked believed = believed(asked);
        try {
            return believed.misrouted ? reroute(believed.record) : handle(believed, now);
        } catch (CommandFailedException e) {
            return fail(believed, e, now);
        }
    }

    /** Without who asked, where the command's writer could have said anything. */
    private Asked believed(Asked asked) {
        if (asked.place == null || trust.isForTopics()) {
            return asked;
        }
        Headers headers = new RecordHeaders(asked.record.headers())
                .remove(HeaderName.AUTH_ID.key())
                .remove(HeaderName.AUTH_TYPE.key());
        return new Asked(asked.record.withHeaders(headers), asked.place, asked.resultId, asked.misrouted);
    }

    /** A command that an operator has passed over: it is not looked at. */
    public Decided passOver(Asked asked, CommandSkip skip) {
        RecordPlace place = Objects.requireNonNull(asked.place, "what came through no topic can't be passed over");
        Record<byte[], byte[]> letter =
                DeadLetterRecord.ofSkipped(place, asked.record.timestamp(), skip.actor(), skip.reason(), skip.time());
        return buried(letter);
    }

    /**
     * Commands that can't be received: nobody knows what they ask, nor who would be told.
     *
     * @param asked the first of them
     * @param lastOffset of the last of them
     */
    public Decided bury(Asked asked, long lastOffset, String why) {
        RecordPlace place = Objects.requireNonNull(asked.place, "what came through no topic was received");
        Record<byte[], byte[]> letter = DeadLetterRecord.ofInvalid(place, lastOffset, asked.record.timestamp(), why);
        return buried(letter);
    }

    private static Decided buried(Record<byte[], byte[]> letter) {
        return new Decided(List.of(new Output(Target.DEAD_LETTERS, letter)), null, RecordDecider::changeNothing);
    }

    private Decided reroute(Record<byte[], byte[]> command) {
        writer.requireFits(command);
        return new Decided(List.of(new Output(Target.COMMANDS, command)), null, RecordDecider::changeNothing);
    }

    private Decided handle(Asked asked, long now) {
        Command<C> command = reader.read(asked.record);
        HandledCommand<E> handled = handler.handle(command, now);
        List<Output> outputs = new ArrayList<>(handled.events().size() + 1);
        for (Record<byte[], byte[]> event : writer.events(command, handled, asked.record)) {
            outputs.add(new Output(Target.EVENTS, event));
        }
        CommandResult result = handled.result();
        outputs.add(result(asked, result, handled.encodedResult()));
        return new Decided(outputs, result, handled.commit());
    }

    private Output result(Asked asked, CommandResult result, byte[] encoded) {
        return new Output(Target.RESULTS, writer.result(result, encoded, asked.record, asked.resultId));
    }

    /** A misrouted command's aggregate has its state, and its command ids, in another partition. */
    private Decided fail(Asked asked, CommandFailedException failure, long now) {
        bugs.tell(asked.record, asked.place, failure);
        Output deadLetter = new Output(Target.DEAD_LETTERS, writer.deadLetter(asked.record, asked.place, failure));
        CommandResult result = writer.failure(
                asked.record, failure, id -> asked.misrouted ? CommandResult.UNKNOWN_VERSION : handler.version(id));
        if (result == null) {
            return new Decided(List.of(deadLetter), null, RecordDecider::changeNothing);
        }
        byte[] encoded = writer.encode(result);
        Output published = result(asked, result, encoded);
        return new Decided(
                List.of(deadLetter, published),
                result,
                asked.misrouted || result.commandId() == null
                        ? RecordDecider::changeNothing
                        : keepFailed(result.commandId(), published.record, encoded, now));
    }

    /** @param published as a restore finds it, which must come to the same name */
    private Runnable keepFailed(String commandId, Record<byte[], byte[]> published, byte[] encoded, long now) {
        String name = trust.nameOf(commandId, published.headers());
        String aggregateId = CommandReader.aggregateId(published.key());
        return () -> handler.keepFailed(name, aggregateId, encoded, now);
    }

    private static void changeNothing() {}

    @Override
    public void close() {
        deserializer.close();
        serializer.close();
    }
}
