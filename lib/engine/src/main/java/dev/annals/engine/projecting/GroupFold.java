package dev.annals.engine.projecting;

import dev.annals.api.Contribution;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.streams.processor.api.Record;

/** Changes of parts in, the rows of their groups out. */
final class GroupFold<R extends java.lang.Record> implements FoldStep {

    private final RowBinding<R> rows;
    private final FoldStep.Context context;
    private final FoldSite site;
    private final FoldStep.Store groups;
    private final StoredValue.Codec values;
    private final Contributions<R> contributions;

    /** @param contributions by aggregate type */
    GroupFold(ViewRuntime<?, R> runtime, Map<String, Contribution<?, ?, R>> contributions, FoldStep.Context context) {
        this.rows = runtime.rows();
        this.context = context;
        this.site = runtime.site(context);
        this.groups = context.store(ViewTopology.GROUPS);
        this.values = new StoredValue.Codec(rows.schema());
        this.contributions = new Contributions<>(contributions);
    }

    @Override
    public void fold(Record<byte[], byte[]> record) {
        if (!site.passesOver()) {
            PartChange change = site.guarded(record, () -> contributions.read(record));
            fold(new String(record.key(), StandardCharsets.UTF_8), change, record);
        }
    }

    /** Folds one change, which {@code record} carries or has caused. */
    void fold(String group, PartChange change, Record<byte[], byte[]> record) {
        byte[] key = group.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = groups.get(key);
        StoredValue before = site.guarded(record, () -> values.decode(bytes));
        if (before.has(site.offset())) {
            site.offsetReset();
            return;
        }
        StoredValue after = site.guarded(record, () -> apply(group, before, change));
        groups.put(key, values.encode(after));
        site.written(record, () -> context.row(group, after.version(), after.value(), record));
        site.folded();
    }

    private StoredValue apply(String group, StoredValue stored, PartChange change) {
        R before = stored.value() == null ? null : rows.fromAvro(stored.value());
        R after = contributions.apply(before, change);
        long version = stored.version() + 1;
        GenericRecord value = after == null ? null : rows.toAvro(group, version, after);
        return new StoredValue(version, site.offset(), value);
    }
}
