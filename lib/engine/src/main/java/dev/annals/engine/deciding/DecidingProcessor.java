package dev.annals.engine.deciding;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.RecordDecider.Asked;
import dev.annals.engine.deciding.RecordDecider.Decided;
import dev.annals.engine.deciding.RecordDecider.Output;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.PolledRecords;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.rebuilding.HostedRebuild;
import dev.annals.engine.rebuilding.PartitionLog;
import dev.annals.engine.rebuilding.Rebuilds;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
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
            RecordDecider<C, ?, E> decider,
            DedupSweep sweep,
            CommandStore store,
            HostedRebuild rebuild) {}

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
        var store = new StreamsStore(context.getStateStore(STORE));
        var codec = new StateCodec<>(type.state(), type.decider());
        var decider = new RecordDecider<>(
                binding,
                topics,
                serdes,
                config,
                new EncodedStates<>(store, codec, config.maxRecordBytes()),
                store,
                bugs,
                context::currentSystemTimeMs);
        int partition = context.taskId().partition();
        TopicPartition source = new TopicPartition(topics.commands(type.name()), partition);
        TopicPartition events = new TopicPartition(topics.events(type.name()), partition);
        var rebuild = new StateRebuild<>(
                binding,
                store,
                codec,
                config.maxRecordBytes(),
                decider.deserializer(),
                () -> logs.open(context.appConfigs(), events),
                new RecoveredCommands(
                        type.name(), store, decider.results(), config.retention(), context::currentSystemTimeMs));
        var hosted = new HostedRebuild(context, source, rebuild, rebuilds, type.name());
        var sweep = new DedupSweep(store, config.retention().toMillis());
        running = new Running<>(context, source, decider, sweep, store, hosted);
        hosted.start();
        context.schedule(EVICTION_INTERVAL, PunctuationType.WALL_CLOCK_TIME, wallClock -> {
            noteLast();
            int unused = sweep.evict(now(context), EVICTION_BATCH);
        });
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Running<C, E> to = Objects.requireNonNull(running, "init comes first");
        to.rebuild.requireDone();
        decide(to, record);
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

    private void decide(Running<C, E> to, Record<byte[], byte[]> record) {
        RecordPlace place = RecordPlace.of(to.context
                .recordMetadata()
                .orElseThrow(() -> new IllegalStateException("commands are records of topics only")));
        long now = now(to.context);
        Decided decided =
                to.decider.decide(new Asked(record, place, place.toString(), isMisrouted(to.context, record)), now);
        decided.commit().run();
        for (Output output : decided.outputs()) {
            switch (output.target()) {
                case EVENTS -> {
                    to.context.forward(output.record(), EVENTS);
                    last = new LastEvent(
                            output.record().timestamp(), output.record().key());
                }
                case RESULTS -> publish(to, record, output.record());
                case DEAD_LETTERS -> to.context.forward(output.record(), DEAD_LETTERS);
                case COMMANDS -> to.context.forward(output.record(), REROUTED);
            }
        }
        to.sweep.decided(now);
    }

    /** The result for all, and a copy for the sender that waits for it. */
    private static void publish(Running<?, ?> to, Record<byte[], byte[]> command, Record<byte[], byte[]> result) {
        to.context.forward(result, RESULTS);
        byte[] address = ReplyAddress.of(command.headers());
        if (address != null) {
            to.context.forward(result.withKey(address), REPLIES);
        }
    }

    @Override
    public void close() {
        Running<C, E> closing = running;
        running = null;
        last = null;
        if (closing != null) {
            PolledRecords.ofThread().drop(closing.source.partition());
            closing.rebuild.close();
            closing.decider.close();
        }
    }
}
