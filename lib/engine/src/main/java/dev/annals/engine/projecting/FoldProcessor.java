package dev.annals.engine.projecting;

import dev.annals.engine.kafka.PolledRecords;
import dev.annals.engine.kafka.RecordPlace;
import java.time.Duration;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Runs a step in the tasks of a Streams application. */
final class FoldProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    /** A commit costs the broker the same whatever it holds, and there are many views. */
    private static final Duration COMMIT_PAUSE = Duration.ofMillis(30);

    private final ViewRuntime<?, ?> runtime;
    private final FoldStep.Factory steps;
    private @Nullable Running running;

    private record Running(ProcessorContext<byte[], byte[]> task, FoldStep step, Serializer<Object> serializer) {}

    FoldProcessor(ViewRuntime<?, ?> runtime, FoldStep.Factory steps) {
        this.runtime = runtime;
        this.steps = steps;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> task) {
        Serializer<Object> serializer = runtime.serdes().newSerializer();
        running = new Running(task, steps.in(new TaskContext(task, runtime.rowWriter(serializer))), serializer);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Running to = Objects.requireNonNull(running, "init comes first");
        to.step.fold(record);
        RecordMetadata origin = origin(to.task);
        if (PolledRecords.ofThread().processed(new TopicPartition(origin.topic(), origin.partition()), COMMIT_PAUSE)) {
            to.task.commit();
        }
    }

    private static RecordMetadata origin(ProcessorContext<?, ?> task) {
        return task.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("a view folds records of topics only"));
    }

    @Override
    public void close() {
        Running closing = running;
        running = null;
        if (closing != null) {
            PolledRecords.ofThread().drop(closing.task.taskId().partition());
            closing.step.close();
            closing.serializer.close();
        }
    }

    /** The task around a step: whatever the step hands on goes to what comes next in the topology. */
    private record TaskContext(ProcessorContext<byte[], byte[]> task, RowWriter rows) implements FoldStep.Context {

        @Override
        public RecordPlace place() {
            RecordMetadata record = origin(task);
            return new RecordPlace(record.topic(), record.partition(), record.offset());
        }

        @Override
        public FoldStep.Store store(String name) {
            KeyValueStore<byte[], byte[]> store = task.getStateStore(name);
            return new FoldStep.Store() {
                @Override
                public byte @Nullable [] get(byte[] key) {
                    return store.get(key);
                }

                @Override
                public void put(byte[] key, byte[] value) {
                    store.put(key, value);
                }
            };
        }

        @Override
        public void change(String group, PartChange change, Record<byte[], byte[]> cause) {
            task.forward(change.toRecord(group, cause));
        }

        @Override
        public void row(String key, long version, @Nullable GenericRecord row, Record<byte[], byte[]> cause) {
            task.forward(rows.row(key, version, row, cause.timestamp(), cause.headers()));
        }

        @Override
        public void commit() {
            task.commit();
        }
    }
}
