package dev.annals.engine.projecting;

import dev.annals.api.Contribution;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Events of an aggregate in; what changes in its part, under the key of the group, out. */
final class PartFold<E, P extends java.lang.Record, R extends java.lang.Record> implements FoldStep {

    private final Contribution<E, P, R> contribution;
    private final RecordBinding<P> parts;
    private final FoldStep.Context context;
    private final FoldSite site;
    private final AggregateFold<E> aggregates;
    private final PartChange.Codec changes;

    /** @param store with the parts of this type */
    PartFold(ViewRuntime<E, R> runtime, Contribution<E, P, R> contribution, String store, FoldStep.Context context) {
        this.contribution = contribution;
        this.parts = RecordBinding.of(contribution.part(), DerivedSchema.of(contribution.part()));
        this.context = context;
        this.site = runtime.site(context);
        this.aggregates = new AggregateFold<>(runtime, context, store, parts.schema(), this::apply);
        this.changes = new PartChange.Codec(runtime.events().type().name(), parts.schema());
    }

    @SuppressWarnings("ReferenceEquality") // the fast path of most events, which leave the part alone
    private @Nullable GenericRecord apply(@Nullable GenericRecord before, StoredEvent<E> event) {
        P old = before == null ? null : parts.fromAvro(before);
        P part = event.fold(old, contribution::apply);
        if (part == old) {
            return before;
        }
        return part == null ? null : parts.toAvro(part);
    }

    @Override
    public void fold(Record<byte[], byte[]> record) {
        AggregateFold.Change change = aggregates.apply(record);
        if (change == null || Objects.equals(change.before(), change.after())) {
            return;
        }
        site.guarded(record, () -> Contributions.moves(change.before(), change.after(), this::group))
                .forEach(move -> context.change(move.group(), new PartChange(changes, move.out(), move.in()), record));
    }

    private String group(GenericRecord part) {
        return contribution.group(parts.fromAvro(part));
    }

    @Override
    public void close() {
        aggregates.close();
    }
}
