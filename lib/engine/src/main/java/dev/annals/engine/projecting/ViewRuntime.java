package dev.annals.engine.projecting;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.folding.StreamFold;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.viewregistry.ViewId;
import org.apache.kafka.common.serialization.Serializer;

/** What the steps of one view share. Immutable; each task makes its own readers and writers of it. */
record ViewRuntime<E, R extends Record>(
        ViewId view,
        StreamFold rules,
        AggregateBinding<?, ?, E> events,
        RowBinding<R> rows,
        Topics topics,
        AvroSerdes serdes,
        Skips skips) {

    String eventsTopic() {
        return topics.events(events.type().name());
    }

    String rowsTopic() {
        return topics.view(view.name(), view.generation());
    }

    RowWriter rowWriter(Serializer<Object> serializer) {
        return new RowWriter(view, rowsTopic(), rows.schema().getFullName(), serializer);
    }

    FoldSite site(FoldStep.Context context) {
        return new FoldSite(view, skips, context);
    }

    /** The same view, reading events of another type. */
    <F> ViewRuntime<F, R> reading(AggregateBinding<?, ?, F> others) {
        return new ViewRuntime<>(view, rules, others, rows, topics, serdes, skips);
    }
}
