package dev.annals.core.projecting;

import dev.annals.core.avro.DerivedSchema;
import dev.annals.core.avro.RecordBinding;
import dev.annals.core.projection.Contribution;
import dev.annals.core.projection.RecordedEvent;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Events of an aggregate in; what changes in its part, under the key of the group, out. */
final class PartProcessor<E, P extends java.lang.Record, R extends java.lang.Record>
        implements Processor<byte[], byte[], byte[], byte[]> {

    private final ViewRuntime<E, R> runtime;
    private final Contribution<E, P, R> contribution;
    private final String store;
    private final RecordBinding<P> parts;
    private @Nullable Running<E, P> running;

    /** What lives from {@link #init} to {@link #close}. */
    private record Running<E, P extends java.lang.Record>(
            ProcessorContext<byte[], byte[]> context,
            Deserializer<Object> deserializer,
            AggregateFold<E> fold,
            PartChange.Codec<P> changes,
            Place place) {}

    /** @param store with the parts of this type */
    PartProcessor(ViewRuntime<E, R> runtime, Contribution<E, P, R> contribution, String store) {
        this.runtime = runtime;
        this.contribution = contribution;
        this.store = store;
        this.parts = RecordBinding.of(contribution.part(), DerivedSchema.of(contribution.part()));
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        Deserializer<Object> deserializer = runtime.serdes().newDeserializer();
        Place place = runtime.place(context);
        var fold = new AggregateFold<>(
                runtime.reader(deserializer, place), this::apply, parts.schema(), context.getStateStore(store), place);
        running = new Running<>(context, deserializer, fold, new PartChange.Codec<>(contribution.part()), place);
    }

    private @Nullable GenericRecord apply(@Nullable GenericRecord before, RecordedEvent<E> event) {
        P part = contribution.apply(before == null ? null : parts.fromAvro(before), event);
        return part == null ? null : parts.toAvro(part);
    }

    /** Into the new group before out of the old one: a reader of both sees the part rather twice than not at all. */
    @Override
    public void process(Record<byte[], byte[]> record) {
        Running<E, P> to = Objects.requireNonNull(running, "init comes first");
        AggregateFold.Change change = to.fold.apply(record);
        if (change == null || Objects.equals(change.before(), change.after())) {
            return;
        }
        String oldGroup = to.place.guarded(record, () -> group(change.before()));
        String newGroup = to.place.guarded(record, () -> group(change.after()));
        if (newGroup != null && newGroup.equals(oldGroup)) {
            forward(to, newGroup, to.changes.encode(change.before(), change.after()), record);
            return;
        }
        if (newGroup != null) {
            forward(to, newGroup, to.changes.encode(null, change.after()), record);
        }
        if (oldGroup != null) {
            forward(to, oldGroup, to.changes.encode(change.before(), null), record);
        }
    }

    private @Nullable String group(@Nullable GenericRecord part) {
        return part == null ? null : contribution.group(parts.fromAvro(part));
    }

    private void forward(Running<E, P> to, String group, byte[] change, Record<byte[], byte[]> cause) {
        byte[] key = group.getBytes(StandardCharsets.UTF_8);
        Headers headers = RowWriter.handOn(cause);
        Sides.mark(headers, runtime.events().type().name());
        to.context.forward(new Record<>(key, change, cause.timestamp(), headers));
    }

    @Override
    public void close() {
        Running<E, P> closing = running;
        running = null;
        if (closing != null) {
            closing.deserializer.close();
        }
    }
}
