package dev.annals.engine.projecting;

import java.util.Objects;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Runs a fold in the tasks of a Streams application. */
final class FoldProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    private final ViewRuntime<?, ?> runtime;
    private final Fold.Beginning beginning;
    private @Nullable Running running;

    /** What lives from {@link #init} to {@link #close}. */
    private record Running(Fold fold, Serializer<Object> serializer) {}

    FoldProcessor(ViewRuntime<?, ?> runtime, Fold.Beginning beginning) {
        this.runtime = runtime;
        this.beginning = beginning;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> task) {
        Serializer<Object> serializer = runtime.serdes().newSerializer();
        running = new Running(beginning.in(new TaskContext(task, runtime.rowWriter(serializer))), serializer);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Objects.requireNonNull(running, "init comes first").fold.fold(record);
    }

    @Override
    public void close() {
        Running closing = running;
        running = null;
        if (closing != null) {
            closing.fold.close();
            closing.serializer.close();
        }
    }
}
