package dev.annals.engine.deciding;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.CommandHandler.HandledCommand;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.PolledRecords;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.rebuilding.HostedRebuild;
import dev.annals.engine.rebuilding.PartitionLog;
import dev.annals.engine.rebuilding.Rebuilds;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Hosts a {@link CommandHandler} in Kafka Streams: reads, handles, encodes, and only then stores and forwards.
 *
 * <p>An exception that leaves {@link #process} aborts the transaction and is tried again by a new thread, so only what
 * can pass by itself (the registry or the broker being away) may leave it.
 */
final class DecidingProcessor<C, S extends java.lang.Record, E> implements Processor<byte[], byte[], byte[], byte[]> {

    static final String STORE = "commands-store";
    static final String EVENTS = "events";
    static final String RESULTS = "results";
    static final String REPLIES = "replies";
    static final String DEAD_LETTERS = "dead-letters";
    static final String REROUTED = "rerouted-commands";

    /** Between two rounds of looking for expired command ids. */
    private static final Duration EVICTION_INTERVAL = Duration.ofSeconds(1);

    /** Command ids looked at in one round; load adds its own. */
    private static final int EVICTION_BATCH = 2_000;

    private final AggregateBinding<C, S, E> binding;
    private final Topics topics;
    private final int partitions;
    private final AvroSerdes serdes;
    private final DecidingConfig config;
    private final Rebuilds rebuilds;
    private final PartitionLog.Opener logs;
    private final BugLog bugs;
    private @Nullable Running<C, E> running;

    /** What is not noted yet. */
    private @Nullable LastEvent last;

    /** What lives from {@link #init} to {@link #close}; made anew after an abort, so that nothing stale is kept. */
    private record Running<C, E>(
            ProcessorContext<byte[], byte[]> context,
            TopicPartition source,
            Deserializer<Object> deserializer,
            Serializer<Object> serializer,
            CommandReader<C> reader,
            CommandHandler<C, ?, E> handler,
            RecordWriter<E> writer,
            CommandStore store,
            HostedRebuild rebuild) {}

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

    private record StreamsStore(KeyValueStore<byte[], byte[]> store) implements CommandStore {

        @Override
        public byte @Nullable [] get(byte[] key) {
            return store.get(key);
        }

        @Override
        public void put(byte[] key, byte[] value) {
            store.put(key, value);
        }

        @Override
        public void delete(byte[] key) {
            store.delete(key);
        }

        @Override
        public void scan(byte[] from, byte[] to, int limit, BiConsumer<byte[], byte[]> visitor) {
            try (KeyValueIterator<byte[], byte[]> entries = store.range(from, to)) {
                for (int visited = 0; visited < limit && entries.hasNext(); visited++) {
                    KeyValue<byte[], byte[]> entry = entries.next();
                    visitor.accept(entry.key, entry.value);
                }
            }
        }
    }

    /**
     * @param partitions how many the command topic has, to find commands in the wrong one
     * @param rebuilds is told while states are made anew
     * @param bugs is told where the domain's code throws
     */
    DecidingProcessor(
            AggregateBinding<C, S, E> binding,
            Topics topics,
            int partitions,
            AvroSerdes serdes,
            DecidingConfig config,
            Rebuilds rebuilds,
            PartitionLog.Opener logs,
            BugLog bugs) {
        this.binding = binding;
        this.topics = topics;
        this.partitions = partitions;
        this.serdes = serdes;
        this.config = config;
        this.rebuilds = rebuilds;
        this.logs = logs;
        this.bugs = bugs;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        var type = binding.type();
        Deserializer<Object> deserializer = serdes.newDeserializer();
        Serializer<Object> serializer = serdes.newSerializer();
        String results = topics.results(type.name());
        var writer = new RecordWriter<>(binding, topics, serializer, config.maxRecordBytes());
        var store = new StreamsStore(context.getStateStore(STORE));
        var codec = new StateCodec<>(type.state(), type.decider());
        var published = new PublishedForm(writer, new ResultReader(deserializer), results);
        var handler = new CommandHandler<>(
                type,
                store,
                codec,
                config.retention(),
                config.maxEvents(),
                config.maxRecordBytes(),
                published,
                context::currentSystemTimeMs);
        int partition = context.taskId().partition();
        TopicPartition source = new TopicPartition(topics.commands(type.name()), partition);
        TopicPartition events = new TopicPartition(topics.events(type.name()), partition);
        var rebuild = new StateRebuild<>(
                binding,
                store,
                codec,
                config.maxRecordBytes(),
                deserializer,
                () -> logs.open(context.appConfigs(), events),
                new RecoveredCommands(type.name(), store, published, config.retention(), context::currentSystemTimeMs));
        var hosted = new HostedRebuild(context, source, rebuild, rebuilds, type.name());
        running = new Running<>(
                context,
                source,
                deserializer,
                serializer,
                new CommandReader<>(topics.commands(type.name()), binding, deserializer),
                handler,
                writer,
                store,
                hosted);
        hosted.start();
        context.schedule(EVICTION_INTERVAL, PunctuationType.WALL_CLOCK_TIME, wallClock -> {
            noteLast();
            int unused = handler.evict(now(context), EVICTION_BATCH);
        });
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Running<C, E> to = Objects.requireNonNull(running, "init comes first");
        to.rebuild.requireDone();
        boolean misrouted = isMisrouted(to.context, record);
        try {
            if (misrouted) {
                to.writer.requireFits(record);
                to.context.forward(record, REROUTED);
            } else {
                decide(to, record);
            }
        } catch (CommandFailedException e) {
            deadLetter(to, record, e, misrouted);
        }
        if (PolledRecords.ofThread().processed(to.source)) {
            noteLast();
            to.context.commit();
        }
    }

    /**
     * Notes the last event when there is nothing else to do or a second has passed: one more record of the store with
     * each command would cost more than it tells.
     */
    private void noteLast() {
        LastEvent noted = last;
        if (noted != null) {
            Objects.requireNonNull(running, "init comes first").store.put(StoreKeys.LAST_EVENT, noted.encode());
            last = null;
        }
    }

    private boolean isMisrouted(ProcessorContext<?, ?> context, Record<byte[], byte[]> record) {
        byte[] key = record.key();
        return key != null && context.taskId().partition() != AggregateIds.partition(key, partitions);
    }

    private static long now(ProcessorContext<?, ?> context) {
        return ArrivalTimeExtractor.believed(context.currentStreamTimeMs(), context.currentSystemTimeMs());
    }

    /** Everything is encoded before the store changes: what can't be written is never half done. */
    private void decide(Running<C, E> to, Record<byte[], byte[]> record) {
        Command<C> command = to.reader.read(record);
        HandledCommand<E> handled = to.handler.handle(command, now(to.context));
        List<Record<byte[], byte[]>> events = to.writer.events(command, handled, record);
        Record<byte[], byte[]> result = to.writer.result(handled.result(), handled.encodedResult(), record, origin(to));
        handled.commit().run();
        events.forEach(event -> to.context.forward(event, EVENTS));
        if (!events.isEmpty()) {
            Record<byte[], byte[]> end = events.getLast();
            last = new LastEvent(end.timestamp(), end.key());
        }
        publish(to, record, result);
    }

    /** The result for all, and a copy for the sender that waits for it. */
    private static void publish(Running<?, ?> to, Record<byte[], byte[]> command, Record<byte[], byte[]> result) {
        to.context.forward(result, RESULTS);
        byte[] address = ReplyAddress.of(command.headers());
        if (address != null) {
            to.context.forward(result.withKey(address), REPLIES);
        }
    }

    /** Where the command stands that is decided now. */
    private static RecordMetadata origin(Running<?, ?> to) {
        return to.context
                .recordMetadata()
                .orElseThrow(() -> new IllegalStateException("commands are records of topics only"));
    }

    /** A misrouted command's aggregate has its state, and its command ids, in another partition. */
    private void deadLetter(
            Running<C, E> to, Record<byte[], byte[]> record, CommandFailedException failure, boolean misrouted) {
        RecordMetadata origin = origin(to);
        bugs.tell(record, origin, failure);
        to.context.forward(to.writer.deadLetter(record, origin, failure), DEAD_LETTERS);
        CommandResult result = to.writer.failure(
                record, failure, id -> misrouted ? CommandResult.UNKNOWN_VERSION : to.handler.version(id));
        if (result == null) {
            return;
        }
        byte[] encoded = to.writer.encode(result);
        if (!misrouted) {
            to.handler.keepFailed(result, encoded, now(to.context));
        }
        publish(to, record, to.writer.result(result, encoded, record, origin));
    }

    @Override
    public void close() {
        Running<C, E> closing = running;
        running = null;
        last = null;
        if (closing != null) {
            PolledRecords.ofThread().drop(closing.source.partition());
            closing.rebuild.close();
            closing.deserializer.close();
            closing.serializer.close();
        }
    }
}
