package dev.annals.core.projecting;

import dev.annals.core.projection.GroupedView;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Changes of parts in, the row of their group out. */
final class GroupProcessor<P extends java.lang.Record, R extends java.lang.Record>
        implements Processor<byte[], byte[], byte[], byte[]> {

    private final ViewRuntime<?, R> runtime;
    private final GroupedView<?, P, R> view;
    private @Nullable Running<P> running;

    /** What lives from {@link #init} to {@link #close}. */
    private record Running<P extends java.lang.Record>(
            ProcessorContext<byte[], byte[]> context,
            Serializer<Object> serializer,
            KeyValueStore<byte[], byte[]> store,
            Slot.Codec slots,
            PartChange.Codec<P> changes,
            RowWriter writer,
            Place place) {}

    GroupProcessor(ViewRuntime<?, R> runtime, GroupedView<?, P, R> view) {
        this.runtime = runtime;
        this.view = view;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        Serializer<Object> serializer = runtime.serdes().newSerializer();
        Place place = runtime.place(context);
        running = new Running<>(
                context,
                serializer,
                context.getStateStore(ViewTopology.GROUPS),
                new Slot.Codec(runtime.rows().schema()),
                new PartChange.Codec<>(view.part()),
                runtime.writer(serializer, place),
                place);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Running<P> to = Objects.requireNonNull(running, "init comes first");
        if (to.place.passesOver()) {
            return;
        }
        String group = new String(record.key(), StandardCharsets.UTF_8);
        byte[] stored = to.store.get(record.key());
        Slot before = to.place.guarded(record, () -> to.slots.decode(stored));
        Slot after = to.place.guarded(record, () -> apply(group, before, to.changes.decode(record.value())));
        to.store.put(record.key(), to.slots.encode(after));
        to.context.forward(
                after.value() == null
                        ? RowWriter.tombstone(group, record)
                        : to.writer.row(group, after.value(), record));
        to.place.folded();
    }

    /** Adds before it subtracts, so that the only part of a group can change without the row being started anew. */
    private Slot apply(String group, Slot slot, PartChange<P> change) {
        R row = slot.value() == null ? null : runtime.rows().fromAvro(slot.value());
        if (change.after() != null) {
            row = view.add(row, change.after());
        }
        if (change.before() != null) {
            row = subtract(group, row, change.before());
        }
        long version = slot.version() + 1;
        GenericRecord value = row == null ? null : runtime.rows().toAvro(group, version, row);
        return new Slot(version, value);
    }

    private @Nullable R subtract(String group, @Nullable R row, P part) {
        if (row == null) {
            throw new IllegalStateException("nothing is left in group '%s' to take %s out of".formatted(group, part));
        }
        return view.subtract(row, part);
    }

    @Override
    public void close() {
        Running<P> closing = running;
        running = null;
        if (closing != null) {
            closing.serializer.close();
        }
    }
}
