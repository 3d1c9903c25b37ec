package dev.annals.engine.projecting;

import dev.annals.api.Contribution;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Events of an aggregate in; what changes in its part, under the key of the group, out. */
final class PartFold<E, P extends java.lang.Record, R extends java.lang.Record> implements Fold {

    private final Contribution<E, P, R> contribution;
    private final RecordBinding<P> parts;
    private final FoldContext context;
    private final Place place;
    private final Deserializer<Object> deserializer;
    private final AggregateFold<E> aggregates;
    private final PartChange.Codec changes;

    /** @param store with the parts of this type */
    PartFold(ViewRuntime<E, R> runtime, Contribution<E, P, R> contribution, String store, FoldContext context) {
        this.contribution = contribution;
        this.parts = RecordBinding.of(contribution.part(), DerivedSchema.of(contribution.part()));
        this.context = context;
        this.place = runtime.place(context);
        this.deserializer = runtime.serdes().newDeserializer();
        this.aggregates = new AggregateFold<>(
                runtime.reader(deserializer, place),
                this::apply,
                parts.schema(),
                context.store(store),
                place,
                runtime.partial());
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
        place.guarded(record, () -> Moves.of(change.before(), change.after(), this::group))
                .forEach(move -> context.change(move.group(), new PartChange(changes, move.out(), move.in()), record));
    }

    private String group(GenericRecord part) {
        return contribution.group(parts.fromAvro(part));
    }

    @Override
    public void close() {
        deserializer.close();
    }
}
