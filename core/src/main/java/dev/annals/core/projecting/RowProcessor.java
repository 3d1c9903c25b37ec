package dev.annals.core.projecting;

import dev.annals.core.projection.AggregateView;
import dev.annals.core.projection.RecordedEvent;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Events of an aggregate in, its row out. */
final class RowProcessor<E, R extends java.lang.Record> implements Processor<byte[], byte[], byte[], byte[]> {

    private final ViewRuntime<E, R> runtime;
    private final AggregateView<E, R> view;
    private @Nullable Running<E> running;

    /** What lives from {@link #init} to {@link #close}. */
    private record Running<E>(
            ProcessorContext<byte[], byte[]> context,
            Deserializer<Object> deserializer,
            Serializer<Object> serializer,
            AggregateFold<E> fold,
            RowWriter writer) {}

    RowProcessor(ViewRuntime<E, R> runtime, AggregateView<E, R> view) {
        this.runtime = runtime;
        this.view = view;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        Deserializer<Object> deserializer = runtime.serdes().newDeserializer();
        Serializer<Object> serializer = runtime.serdes().newSerializer();
        Place place = runtime.place(context);
        var fold = new AggregateFold<>(
                runtime.reader(deserializer, place),
                this::apply,
                runtime.rows().schema(),
                context.getStateStore(ViewTopology.AGGREGATES),
                place);
        running = new Running<>(context, deserializer, serializer, fold, runtime.writer(serializer, place));
    }

    private @Nullable GenericRecord apply(@Nullable GenericRecord before, RecordedEvent<E> event) {
        RowBinding<R> rows = runtime.rows();
        R row = view.apply(before == null ? null : rows.fromAvro(before), event);
        return row == null ? null : rows.toAvro(key(event.aggregateId(), row), event.version(), row);
    }

    private String key(String aggregateId, R row) {
        String key = view.key(aggregateId, row);
        if (!key.endsWith(aggregateId)) {
            throw new IllegalStateException(
                    "key '%s' must end with the aggregate id '%s', or two aggregates could share a row"
                            .formatted(key, aggregateId));
        }
        return key;
    }

    /** The new row before the tombstone of the old: whoever lists rows while one moves sees it rather twice than not at all. */
    @Override
    public void process(Record<byte[], byte[]> record) {
        Running<E> to = Objects.requireNonNull(running, "init comes first");
        AggregateFold.Change change = to.fold.apply(record);
        if (change == null) {
            return;
        }
        String oldKey = key(change.before());
        String newKey = key(change.after());
        if (newKey != null && change.after() != null) {
            to.context.forward(to.writer.row(newKey, change.after(), record));
        }
        if (oldKey != null && !oldKey.equals(newKey)) {
            to.context.forward(RowWriter.tombstone(oldKey, record));
        }
    }

    private @Nullable String key(@Nullable GenericRecord row) {
        return row == null ? null : runtime.rows().key(row);
    }

    @Override
    public void close() {
        Running<E> closing = running;
        running = null;
        if (closing != null) {
            closing.deserializer.close();
            closing.serializer.close();
        }
    }
}
