package dev.annals.core.projecting;

import dev.annals.core.avro.AggregateBinding;
import dev.annals.core.kafka.AvroSerdes;
import dev.annals.core.kafka.Topics;
import dev.annals.core.notes.ViewId;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/** What the processors of one view share. Immutable; each task makes its own readers and writers of it. */
record ViewRuntime<E, R extends Record>(
        ViewId view,
        AggregateBinding<?, ?, E> events,
        RowBinding<R> rows,
        Topics topics,
        AvroSerdes serdes,
        Skips skips) {

    String eventsTopic() {
        return topics.events(events.type().name());
    }

    String rowsTopic() {
        return topics.view(view.name(), view.version());
    }

    Place place(ProcessingContext context) {
        return new Place(view, skips, context);
    }

    EventReader<E> reader(Deserializer<Object> deserializer, Place place) {
        return new EventReader<>(eventsTopic(), events, deserializer, place);
    }

    RowWriter writer(Serializer<Object> serializer, Place place) {
        return new RowWriter(rowsTopic(), serializer, place);
    }

    /** The same view, reading events of another type. */
    <F> ViewRuntime<F, R> reading(AggregateBinding<?, ?, F> others) {
        return new ViewRuntime<>(view, others, rows, topics, serdes, skips);
    }
}
