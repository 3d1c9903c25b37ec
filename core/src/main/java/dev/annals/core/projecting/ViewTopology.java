package dev.annals.core.projecting;

import dev.annals.core.avro.AggregateBinding;
import dev.annals.core.avro.BindingException;
import dev.annals.core.kafka.AvroSerdes;
import dev.annals.core.kafka.Topics;
import dev.annals.core.notes.ViewId;
import dev.annals.core.projection.AggregateView;
import dev.annals.core.projection.Contribution;
import dev.annals.core.projection.GroupedView;
import dev.annals.core.projection.JoinedView;
import dev.annals.core.projection.View;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * {@link GroupedView} or {@link JoinedView} stay exact over a crash. An event that comes again under its version changes nothing whatever the
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
     * @param own of the aggregate type to which the view belongs
     * @param all of the installation, for views that join several
     * @param skips which records are passed over, and which changes of groups
     * @throws BindingException if a row or part has no schema or does not fit it, or a side's type is not there
     */
    @SuppressWarnings("unchecked") // a domain lists its views beside its aggregate, both of the same events
    public static Topology of(
            View<?, ?> view,
            AggregateBinding<?, ?, ?> own,
            Collection<AggregateBinding<?, ?, ?>> all,
            Topics topics,
            AvroSerdes serdes,
            Skips skips) {
        AggregateBinding<?, ?, Object> events = (AggregateBinding<?, ?, Object>) own;
        return ofTyped((View<Object, ?>) view, events, all, topics, serdes, skips);
    }

    private static <E, R extends Record> Topology ofTyped(
            View<E, R> view,
            AggregateBinding<?, ?, E> own,
            Collection<AggregateBinding<?, ?, ?>> all,
            Topics topics,
            AvroSerdes serdes,
            Skips skips) {
        var runtime = new ViewRuntime<>(ViewId.of(view), own, RowBinding.of(view), topics, serdes, skips);
        return switch (view) {
            case AggregateView<E, R> aggregates -> rows(runtime, aggregates);
            case GroupedView<E, ?, R> groups -> sums(runtime, groups);
            case JoinedView<?> joined -> joined(runtime, sides(joined), all);
        };
    }

    private static <E, R extends Record> Topology rows(ViewRuntime<E, R> runtime, AggregateView<E, R> view) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(store(AGGREGATES));
        events(builder, runtime.eventsTopic(), EVENTS)
                .process(() -> new RowProcessor<>(runtime, view), Named.as(FOLD), AGGREGATES)
                .to(runtime.rowsTopic(), Produced.with(BYTES, BYTES).withName(ROWS));
        return builder.build();
    }

    private static <E, P extends Record, R extends Record> Topology sums(
            ViewRuntime<E, R> runtime, GroupedView<E, P, R> view) {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<byte[], byte[]> changes = changes(builder, runtime, view, "");
        return summedUp(
                builder, changes, runtime, Map.of(runtime.events().type().name(), view));
    }

    @SuppressWarnings("unchecked") // a view of these rows, as what it came from was
    private static <R extends Record> List<JoinedView.Side<?, ?, R>> sides(JoinedView<?> view) {
        return ((JoinedView<R>) view).sides();
    }

    /** The changes of all sides go through one topic, so that those of a group meet in one task. */
    private static <R extends Record> Topology joined(
            ViewRuntime<?, R> runtime,
            List<JoinedView.Side<?, ?, R>> sides,
            Collection<AggregateBinding<?, ?, ?>> all) {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<byte[], byte[]> changes = null;
        Map<String, Contribution<?, ?, R>> contributions = new LinkedHashMap<>();
        for (JoinedView.Side<?, ?, R> side : sides) {
            AggregateBinding<?, ?, ?> binding = binding(side, all);
            String type = binding.type().name();
            if (contributions.put(type, side) != null) {
                throw new BindingException("view %s has two sides of %s".formatted(runtime.view(), type));
            }
            KStream<byte[], byte[]> more = changesOf(builder, runtime, side, binding);
            changes = changes == null ? more : changes.merge(more, Named.as("merge-" + type));
        }
        if (changes == null) {
            throw new BindingException("view %s has no sides".formatted(runtime.view()));
        }
        return summedUp(builder, changes, runtime, contributions);
    }

    private static AggregateBinding<?, ?, ?> binding(
            JoinedView.Side<?, ?, ?> side, Collection<AggregateBinding<?, ?, ?>> all) {
        return all.stream()
                .filter(each -> each.type().events().equals(side.events()))
                .findFirst()
                .orElseThrow(() -> new BindingException("no aggregate type of this installation has the events "
                        + side.events().getName()));
    }

    @SuppressWarnings("unchecked") // found by the class of the events
    private static <E, R extends Record> KStream<byte[], byte[]> changesOf(
            StreamsBuilder builder,
            ViewRuntime<?, R> runtime,
            JoinedView.Side<E, ?, R> side,
            AggregateBinding<?, ?, ?> binding) {
        String type = binding.type().name();
        return changes(builder, runtime.reading((AggregateBinding<?, ?, E>) binding), side, "-" + type);
    }

    /** @param suffix of all names, where there are several sides */
    private static <E, P extends Record, R extends Record> KStream<byte[], byte[]> changes(
            StreamsBuilder builder, ViewRuntime<E, R> runtime, Contribution<E, P, R> contribution, String suffix) {
        String parts = AGGREGATES + suffix;
        builder.addStateStore(store(parts));
        return events(builder, runtime.eventsTopic(), EVENTS + suffix)
                .process(() -> new PartProcessor<>(runtime, contribution, parts), Named.as(FOLD + suffix), parts);
    }

    private static <R extends Record> Topology summedUp(
            StreamsBuilder builder,
            KStream<byte[], byte[]> changes,
            ViewRuntime<?, R> runtime,
            Map<String, Contribution<?, ?, R>> contributions) {
        builder.addStateStore(store(GROUPS));
        changes.repartition(Repartitioned.with(BYTES, BYTES).withName(PARTS))
                .process(() -> new GroupProcessor<>(runtime, contributions), Named.as(SUM), GROUPS)
                .to(runtime.rowsTopic(), Produced.with(BYTES, BYTES).withName(ROWS));
        return builder.build();
    }

    private static KStream<byte[], byte[]> events(StreamsBuilder builder, String topic, String name) {
        return builder.stream(
                topic,
                Consumed.with(BYTES, BYTES)
                        .withName(name)
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
