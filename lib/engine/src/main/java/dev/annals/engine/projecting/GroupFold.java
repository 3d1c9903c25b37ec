package dev.annals.engine.projecting;

import dev.annals.api.Contribution;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.streams.processor.api.Record;

/** Changes of parts in, the rows of their groups out. */
final class GroupFold<R extends java.lang.Record> implements Fold {

    private final RowBinding<R> rows;
    private final FoldContext context;
    private final Place place;
    private final FoldContext.Store groups;
    private final Slot.Codec slots;
    private final Sides<R> sides;

    /** @param contributions by aggregate type */
    GroupFold(ViewRuntime<?, R> runtime, Map<String, Contribution<?, ?, R>> contributions, FoldContext context) {
        this.rows = runtime.rows();
        this.context = context;
        this.place = runtime.place(context);
        this.groups = context.store(ViewTopology.GROUPS);
        this.slots = new Slot.Codec(rows.schema());
        this.sides = new Sides<>(contributions);
    }

    @Override
    public void fold(Record<byte[], byte[]> record) {
        if (!place.passesOver()) {
            PartChange change = place.guarded(record, () -> sides.read(record));
            fold(new String(record.key(), StandardCharsets.UTF_8), change, record);
        }
    }

    /** Folds one change, which {@code record} carries or has caused. */
    void fold(String group, PartChange change, Record<byte[], byte[]> record) {
        byte[] key = group.getBytes(StandardCharsets.UTF_8);
        byte[] stored = groups.get(key);
        Slot before = place.guarded(record, () -> slots.decode(stored));
        if (before.has(place.offset())) {
            place.readAgain();
            return;
        }
        Slot after = place.guarded(record, () -> apply(group, before, change));
        groups.put(key, slots.encode(after));
        place.written(record, () -> context.row(group, after.version(), after.value(), record));
        place.folded();
    }

    private Slot apply(String group, Slot slot, PartChange change) {
        R before = slot.value() == null ? null : rows.fromAvro(slot.value());
        R after = sides.apply(before, change);
        long version = slot.version() + 1;
        GenericRecord value = after == null ? null : rows.toAvro(group, version, after);
        return new Slot(version, place.offset(), value);
    }

    @Override
    public void close() {}
}
