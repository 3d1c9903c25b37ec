package dev.annals.engine.projecting;

import dev.annals.api.Erased;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.notes.ViewId;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** What the processors of one view share. Immutable; each task makes its own readers and writers of it. */
record ViewRuntime<E, R extends Record>(
        ViewId view,
        boolean partial,
        Erased erased,
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

    Place place(FoldContext context) {
        return new Place(view, skips, context);
    }

    EventReader<E> reader(Deserializer<Object> deserializer, Place place) {
        return new EventReader<>(eventsTopic(), events, erased, deserializer, place);
    }

    /** The same view, reading events of another type. */
    <F> ViewRuntime<F, R> reading(AggregateBinding<?, ?, F> others) {
        return new ViewRuntime<>(view, partial, erased, others, rows, topics, serdes, skips);
    }
}
