package dev.annals.core.projecting;

import dev.annals.core.projection.Contribution;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Changes of parts in, the row of their group out. */
final class GroupProcessor<R extends java.lang.Record> implements Processor<byte[], byte[], byte[], byte[]> {

    private final ViewRuntime<?, R> runtime;
    private final Map<String, Contribution<?, ?, R>> contributions;
    private @Nullable Running<R> running;

    /** What lives from {@link #init} to {@link #close}. */
    private record Running<R extends java.lang.Record>(
            ProcessorContext<byte[], byte[]> context,
            Serializer<Object> serializer,
            KeyValueStore<byte[], byte[]> store,
            Slot.Codec slots,
            Sides<R> sides,
            RowWriter writer,
            Place place) {}

    /** @param contributions by aggregate type */
    GroupProcessor(ViewRuntime<?, R> runtime, Map<String, Contribution<?, ?, R>> contributions) {
        this.runtime = runtime;
        this.contributions = contributions;
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
                new Sides<>(contributions),
                runtime.writer(serializer, place),
                place);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Running<R> to = Objects.requireNonNull(running, "init comes first");
        if (to.place.passesOver()) {
            return;
        }
        String group = new String(record.key(), StandardCharsets.UTF_8);
        byte[] stored = to.store.get(record.key());
        Slot before = to.place.guarded(record, () -> to.slots.decode(stored));
        Slot after = to.place.guarded(record, () -> apply(group, before, to.sides, record));
        to.store.put(record.key(), to.slots.encode(after));
        to.context.forward(
                after.value() == null
                        ? RowWriter.tombstone(group, record)
                        : to.writer.row(group, after.value(), record));
        to.place.folded();
    }

    private Slot apply(String group, Slot slot, Sides<R> sides, Record<byte[], byte[]> change) {
        R before = slot.value() == null ? null : runtime.rows().fromAvro(slot.value());
        R after = sides.apply(before, change);
        long version = slot.version() + 1;
        GenericRecord value = after == null ? null : runtime.rows().toAvro(group, version, after);
        return new Slot(version, value);
    }

    @Override
    public void close() {
        Running<R> closing = running;
        running = null;
        if (closing != null) {
            closing.serializer.close();
        }
    }
}
