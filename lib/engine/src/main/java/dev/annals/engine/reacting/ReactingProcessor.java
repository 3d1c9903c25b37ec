package dev.annals.engine.reacting;

import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.DeadLetterRecord;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.PolledRecords;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.rebuilding.HostedRebuild;
import dev.annals.engine.rebuilding.PartitionLog;
import dev.annals.engine.rebuilding.Rebuilds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second step: hosts a {@link Reactor} in Kafka Streams, and has its timers run out.
 *
 * <p>An exception that leaves {@link #process} aborts the transaction and is tried again by a new thread, so only what
 * can pass by itself (the registry or the broker being away) may leave it.
 */
final class ReactingProcessor<S extends java.lang.Record> implements Processor<byte[], byte[], byte[], byte[]> {

    /** Between two looks for timers that are due. */
    private static final Duration TIMER_INTERVAL = Duration.ofMillis(100);

    /** For timers, a look: others' inputs, also those of the thread's other partitions, wait meanwhile. */
    private static final Duration TIMER_TURN = Duration.ofMillis(10);

    /** Timers that are taken out at a time. */
    private static final int TIMER_BATCH = 20;

    private static final Logger LOG = LoggerFactory.getLogger(ReactingProcessor.class);

    private final ProcessBinding<S> binding;
    private final Topics topics;
    private final AvroSerdes serdes;
    private final ReactingConfig config;
    private final ParkedInstances parked;
    private final Rebuilds rebuilds;
    private final PartitionLog.Opener journals;
    private @Nullable Running<S> running;

    /** What lives from {@link #init} to {@link #close}; made anew after an abort, so that nothing stale is kept. */
    private record Running<S extends java.lang.Record>(
            ProcessorContext<byte[], byte[]> context,
            Deserializer<Object> deserializer,
            Serializer<Object> serializer,
            InstanceStore<S> store,
            Reactor<S> reactor,
            HostedRebuild rebuild) {}

    /** Forwards what instances do to the topics' sinks. */
    private final class Sinks implements Reactor.Outputs {

        private final ProcessorContext<byte[], byte[]> context;
        private final int partition;
        private int parkedHere;

        private Sinks(ProcessorContext<byte[], byte[]> context, int parkedBefore) {
            this.context = context;
            this.partition = context.taskId().partition();
            this.parkedHere = parkedBefore;
            parked.put(binding.name(), partition, parkedHere);
        }

        private void recount(int parkedNow) {
            count(parkedNow - parkedHere);
        }

        @Override
        public void journal(Record<byte[], byte[]> entry) {
            context.forward(entry, ProcessTopology.JOURNAL);
        }

        @Override
        public void command(String type, Record<byte[], byte[]> command) {
            context.forward(command, ProcessTopology.commands(type));
        }

        @Override
        public void deadLetter(Record<byte[], byte[]> record, String reason, String message) {
            RecordMetadata origin = context.recordMetadata()
                    .orElseThrow(() -> new IllegalStateException("dead letters are records of topics"));
            LOG.atWarn()
                    .addKeyValue("process", binding.name())
                    .addKeyValue("reason", message)
                    .log("an input is in the dead letters");
            context.forward(
                    DeadLetterRecord.of(record, RecordPlace.of(origin), reason, message, config.maxRecordBytes()),
                    ProcessTopology.DEAD_LETTERS);
        }

        @Override
        public void parked(String instance, ParkedException reason, boolean before) {
            if (!before) {
                count(1);
            }
            LOG.atWarn()
                    .addKeyValue("process", binding.name())
                    .addKeyValue("instance", instance)
                    .addKeyValue("reason", reason.reason())
                    .setCause(reason.getCause())
                    .log("an instance is parked");
        }

        @Override
        public void goesOn(String instance) {
            count(-1);
            LOG.atInfo()
                    .addKeyValue("process", binding.name())
                    .addKeyValue("instance", instance)
                    .log("an instance goes on");
        }

        private void count(int change) {
            parkedHere += change;
            parked.put(binding.name(), partition, parkedHere);
        }
    }

    ReactingProcessor(
            ProcessBinding<S> binding,
            Topics topics,
            AvroSerdes serdes,
            ReactingConfig config,
            ParkedInstances parked,
            Rebuilds rebuilds,
            PartitionLog.Opener journals) {
        this.binding = binding;
        this.topics = topics;
        this.serdes = serdes;
        this.config = config;
        this.parked = parked;
        this.rebuilds = rebuilds;
        this.journals = journals;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        Deserializer<Object> deserializer = serdes.newDeserializer();
        Serializer<Object> serializer = serdes.newSerializer();
        String journalTopic = topics.journal(binding.name());
        Journal<S> journal = new Journal<>(binding);
        InstanceStore<S> store = new InstanceStore<>(context.getStateStore(ProcessTopology.STORE), journal, value ->
                (GenericRecord) deserializer.deserialize(journalTopic, value));
        Sinks sinks = new Sinks(context, store.countParked());
        Reactor<S> reactor = new Reactor<>(
                binding,
                journal,
                store,
                topics,
                deserializer,
                new ReactionWriter(binding.name(), topics, serializer, config.maxRecordBytes()),
                config,
                sinks);
        int partition = context.taskId().partition();
        HostedRebuild rebuild = new HostedRebuild(
                context,
                new TopicPartition(ProcessTopology.inputs(topics, binding.name()), partition),
                new JournalRebuild<>(
                        store,
                        () -> journals.open(context.appConfigs(), new TopicPartition(journalTopic, partition)),
                        () -> sinks.recount(store.countParked())),
                rebuilds,
                binding.name());
        running = new Running<>(context, deserializer, serializer, store, reactor, rebuild);
        rebuild.start();
        context.schedule(TIMER_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::runOut);
    }

    private Running<S> running() {
        return Objects.requireNonNull(running, "init comes first");
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Running<S> to = running();
        to.rebuild.requireDone();
        if (Arrival.of(record.headers()) instanceof Arrival.NoInstance) {
            LOG.atError()
                    .addKeyValue("process", binding.name())
                    .log("an event of no instance is in the dead letters: {}", deadLetterMessage(record));
            to.context.forward(Arrival.deadLetter(record), ProcessTopology.DEAD_LETTERS);
        } else {
            to.reactor.take(new String(record.key(), StandardCharsets.UTF_8), record);
        }
        RecordMetadata origin = to.context
                .recordMetadata()
                .orElseThrow(() -> new IllegalStateException("inputs are records of topics"));
        if (PolledRecords.ofThread().processed(new TopicPartition(origin.topic(), origin.partition()))) {
            to.context.commit();
        }
    }

    private static @Nullable String deadLetterMessage(Record<byte[], byte[]> record) {
        return HeaderName.DEAD_LETTER_MESSAGE.in(record.headers());
    }

    /** Timers that are due, the earliest first, for a turn: what is left waits for the next one. */
    private void runOut(long wallClock) {
        Running<S> to = running();
        if (!to.rebuild.isDone()) {
            return;
        }
        long start = System.nanoTime();
        boolean any = false;
        while (System.nanoTime() - start < TIMER_TURN.toNanos()) {
            List<InstanceKeys.TimerKey> due = to.store.takeDue(Instant.ofEpochMilli(wallClock), TIMER_BATCH);
            if (due.isEmpty()) {
                break;
            }
            any = true;
            due.forEach(timer -> to.reactor.take(timer.instance(), arrival(timer, wallClock)));
        }
        if (any) {
            to.context.commit();
        }
    }

    private static Record<byte[], byte[]> arrival(InstanceKeys.TimerKey timer, long wallClock) {
        return new Arrival.OfTimer(timer.due(), timer.timer())
                .mark(new Record<>(
                        timer.instance().getBytes(StandardCharsets.UTF_8), null, wallClock, new RecordHeaders()));
    }

    @Override
    public void close() {
        Running<S> closing = running;
        running = null;
        if (closing != null) {
            PolledRecords.ofThread().drop(closing.context.taskId().partition());
            parked.remove(binding.name(), closing.context.taskId().partition());
            closing.rebuild.close();
            closing.deserializer.close();
            closing.serializer.close();
        }
    }
}
