package dev.annals.engine.projecting;

import dev.annals.api.AggregateView;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Events of an aggregate in, its row out. */
final class RowFold<E, R extends java.lang.Record> implements FoldStep {

    private final RowBinding<R> rows;
    private final AggregateView<E, R> view;
    private final FoldStep.Context context;
    private final FoldSite site;
    private final AggregateFold<E> aggregates;

    RowFold(ViewRuntime<E, R> runtime, AggregateView<E, R> view, FoldStep.Context context) {
        this.rows = runtime.rows();
        this.view = view;
        this.context = context;
        this.site = runtime.site(context);
        this.aggregates = new AggregateFold<>(runtime, context, ViewTopology.AGGREGATES, rows.schema(), this::apply);
    }

    /**
     * A row takes the version also of an event that means nothing to it any more: who waits for that version sees it.
     */
    private @Nullable GenericRecord apply(@Nullable GenericRecord before, StoredEvent<E> event) {
        R row = event.fold(before == null ? null : rows.fromAvro(before), view::apply);
        return row == null ? null : rows.toAvro(key(event.aggregateId(), row), event.version(), row);
    }

    /**
     * Of the row as the view sees it at its next event: with a time that is cut until then in its key, the row would
     * move.
     */
    private String key(String aggregateId, R row) {
        String key = view.key(aggregateId, row);
        if (rows.cutsTimes() && !key.equals(aggregateId)) {
            key = view.key(aggregateId, rows.stored(row));
        }
        if (!key.endsWith(aggregateId)) {
            throw new IllegalStateException(
                    "key '%s' must end with the aggregate id '%s', or two aggregates could share a row"
                            .formatted(key, aggregateId));
        }
        return key;
    }

    /**
     * The new row before the tombstone of the old: whoever lists rows while one moves sees it rather twice than not at
     * all.
     */
    @Override
    public void fold(Record<byte[], byte[]> record) {
        AggregateFold.Change change = aggregates.apply(record);
        if (change == null) {
            return;
        }
        String oldKey = key(change.before());
        String newKey = key(change.after());
        if (newKey != null) {
            site.written(record, () -> context.row(newKey, change.version(), change.after(), record));
        }
        if (oldKey != null && !oldKey.equals(newKey)) {
            site.written(record, () -> context.row(oldKey, change.version(), null, record));
        }
    }

    private @Nullable String key(@Nullable GenericRecord row) {
        return row == null ? null : rows.key(row);
    }

    @Override
    public void close() {
        aggregates.close();
    }
}
