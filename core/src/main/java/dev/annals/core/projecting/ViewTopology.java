package dev.annals.core.projecting;

import dev.annals.core.avro.AggregateBinding;
import dev.annals.core.avro.BindingException;
import dev.annals.core.kafka.AvroSerdes;
import dev.annals.core.kafka.Topics;
import dev.annals.core.notes.ViewId;
import dev.annals.core.projection.AggregateView;
import dev.annals.core.projection.GroupedView;
import dev.annals.core.projection.View;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Events in, rows out: {@code <type>.events} to {@code <view>.view.<n>}.
 *
 * <p>Run under {@code exactly_once_v2}: offsets, stores, changes and rows are then one transaction, and the two steps of a
 * {@link GroupedView} stay exact over a crash. An event that comes again under its version changes nothing whatever the
 * guarantee. What no retry can cure is a {@link ViewFailedException}; any other exception may pass. A record of
 * which somebody has said so is passed over ({@link Skips}).
 */
public final class ViewTopology {

    /** Version and row, or version and part, of each aggregate. */
    static final String AGGREGATES = "aggregates";

    /** Version and row of each group. */
    static final String GROUPS = "groups";

    /** Changes of parts on their way to the task of their group. */
    static final String PARTS = "parts";

    private static final String EVENTS = "events";
    private static final String FOLD = "fold";
    private static final String SUM = "sum";
    private static final String ROWS = "rows";

    private static final Serde<byte[]> BYTES = Serdes.ByteArray();

    private ViewTopology() {}

    /** The Streams application of a view, without the installation's prefix: a new version is a new application, so a replay. */
    public static String applicationId(View<?, ?> view) {
        return applicationId(ViewId.of(view));
    }

    /** As {@link #applicationId(View)}, of a view that is known by its name only. */
    public static String applicationId(ViewId view) {
        return "annals-view-%s-%d".formatted(view.name(), view.version());
    }

    /**
     * The topology of a view.
     *
     * @param events of the aggregate type to which the view belongs
     * @param skips which of them are passed over, and which changes of groups
     * @throws BindingException if a row or part has no schema or does not fit it
     */
    @SuppressWarnings("unchecked") // a domain lists its views beside its aggregate, both of the same events
    public static Topology of(
            View<?, ?> view, AggregateBinding<?, ?, ?> events, Topics topics, AvroSerdes serdes, Skips skips) {
        return ofTyped((View<Object, ?>) view, (AggregateBinding<?, ?, Object>) events, topics, serdes, skips);
    }

    private static <E, R extends Record> Topology ofTyped(
            View<E, R> view, AggregateBinding<?, ?, E> events, Topics topics, AvroSerdes serdes, Skips skips) {
        var runtime = new ViewRuntime<>(view, events, RowBinding.of(view), topics, serdes, skips);
        return switch (view) {
            case AggregateView<E, R> aggregates -> rows(runtime, aggregates);
            case GroupedView<E, ?, R> groups -> sums(runtime, groups);
        };
    }

    private static <E, R extends Record> Topology rows(ViewRuntime<E, R> runtime, AggregateView<E, R> view) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(store(AGGREGATES));
        events(builder, runtime.eventsTopic())
                .process(() -> new RowProcessor<>(runtime, view), Named.as(FOLD), AGGREGATES)
                .to(runtime.rowsTopic(), Produced.with(BYTES, BYTES).withName(ROWS));
        return builder.build();
    }

    private static <E, P extends Record, R extends Record> Topology sums(
            ViewRuntime<E, R> runtime, GroupedView<E, P, R> view) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(store(AGGREGATES));
        builder.addStateStore(store(GROUPS));
        events(builder, runtime.eventsTopic())
                .process(() -> new PartProcessor<>(runtime, view), Named.as(FOLD), AGGREGATES)
                .repartition(Repartitioned.with(BYTES, BYTES).withName(PARTS))
                .process(() -> new GroupProcessor<>(runtime, view), Named.as(SUM), GROUPS)
                .to(runtime.rowsTopic(), Produced.with(BYTES, BYTES).withName(ROWS));
        return builder.build();
    }

    private static KStream<byte[], byte[]> events(StreamsBuilder builder, String topic) {
        return builder.stream(
                topic,
                Consumed.with(BYTES, BYTES)
                        .withName(EVENTS)
                        .withOffsetResetPolicy(AutoOffsetReset.earliest())
                        .withTimestampExtractor(ARRIVAL));
    }

    private static StoreBuilder<KeyValueStore<byte[], byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), BYTES, BYTES)
                .withCachingDisabled();
    }

    /** A record without a time (a producer may send -1) takes that of its partition, rather than stopping it. */
    private static final TimestampExtractor ARRIVAL =
            (record, partitionTime) -> record.timestamp() >= 0 ? record.timestamp() : Math.max(partitionTime, 0);
}
