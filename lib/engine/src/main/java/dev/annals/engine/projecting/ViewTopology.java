package dev.annals.engine.projecting;

import dev.annals.api.AggregateType;
import dev.annals.api.AggregateView;
import dev.annals.api.GroupedView;
import dev.annals.api.JoinedView;
import dev.annals.api.View;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.SchemaShapes;
import dev.annals.engine.kafka.CheckedStore;
import dev.annals.engine.kafka.RecordTimeExtractor;
import dev.annals.engine.viewregistry.ViewCode;
import dev.annals.engine.viewregistry.ViewId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
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
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Events in, rows out: {@code <type>.events} to {@code <view>.view.<n>}.
 *
 * <p>Run under {@code exactly_once_v2}: offsets, stores, changes and rows are then one transaction, and the two steps
 * of a {@link GroupedView} or {@link JoinedView} stay exact over a crash. An event that comes again under its version
 * changes nothing whatever the guarantee. What no retry can cure is a {@link ViewFailedException}; any other exception
 * may pass. A record of which somebody has said so is passed over ({@link Skips}).
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

    /** The Streams application of a generation, without the installation's prefix; a replay is a new application. */
    public static String applicationId(ViewId view) {
        return applicationIds(view.name()) + view.generation();
    }

    /** What the {@link #applicationId} of each generation of a view begins with. */
    public static String applicationIds(String view) {
        return "annals-view-%s-".formatted(view);
    }

    /** The topic in which a generation that sums up has changes on their way; it need not exist. */
    public static String partsTopic(String group) {
        return group + "-" + PARTS + "-repartition";
    }

    /** The topic from which a store of a generation's group is restored. */
    public static String changelog(String group, String store) {
        return group + "-" + store + "-changelog"; // asked for each entry of a build
    }

    /**
     * The group of those who build a generation in memory before its own group begins; and the transactional id of the
     * one who does.
     */
    public static String builders(String group) {
        return group + "-builders";
    }

    /**
     * Names of the topics that Kafka Streams keeps for a generation of a view.
     *
     * @param all of the installation, for views that join several
     * @throws BindingException if a side's type is not there
     */
    public static List<String> internalTopics(
            String group, View<?, ?> view, Collection<AggregateBinding<?, ?, ?>> all) {
        List<String> topics = new ArrayList<>();
        if (view instanceof JoinedView<?> joined) {
            joined.sides()
                    .forEach(side -> topics.add(changelog(
                            group,
                            AGGREGATES + "-"
                                    + GenerationFolds.binding(side, all).type().name())));
        } else {
            topics.add(changelog(group, AGGREGATES));
        }
        if (!(view instanceof AggregateView<?, ?>)) {
            topics.add(changelog(group, GROUPS));
            topics.add(partsTopic(group));
        }
        return topics;
    }

    /** The topics that Kafka Streams keeps for a generation's group, and for no other. */
    public static Pattern internalTopics(String group) {
        return Pattern.compile("%s-(%s(-.+)?-changelog|%s-changelog|%s-repartition)"
                .formatted(Pattern.quote(group), AGGREGATES, GROUPS, PARTS));
    }

    /**
     * What tells one fold of a view from another: the author's number, and the shape of the rows and of the parts.
     *
     * @param own the aggregate type of the domain that lists the view
     * @throws BindingException if a row or part has no schema or does not fit it
     */
    public static ViewCode code(AggregateType<?, ?, ?> own, View<?, ?> view) {
        List<Schema> schemas = new ArrayList<>(List.of(RowBinding.of(own, view).schema()));
        switch (view) {
            case AggregateView<?, ?> rows -> {}
            case GroupedView<?, ?, ?> groups -> schemas.add(DerivedSchema.of(groups.part()));
            case JoinedView<?> joined -> joined.sides().forEach(side -> schemas.add(DerivedSchema.of(side.part())));
        }
        return new ViewCode(view.version(), SchemaShapes.of(schemas));
    }

    public static Topology of(GenerationFolds folds) {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<byte[], byte[]> rows = folds.ofGroups() == null
                ? folded(builder, folds.runtime(), folds.ofEvents().getFirst())
                : summedUp(builder, folds, folds.ofGroups());
        rows.to(folds.runtime().rowsTopic(), Produced.with(BYTES, BYTES).withName(ROWS));
        return builder.build();
    }

    private static KStream<byte[], byte[]> folded(
            StreamsBuilder builder, ViewRuntime<?, ?> runtime, GenerationFolds.OfEvents events) {
        builder.addStateStore(store(events.store()));
        return events(builder, events.topic(), EVENTS + events.suffix())
                .process(
                        () -> new FoldProcessor(runtime, events.steps()),
                        Named.as(FOLD + events.suffix()),
                        events.store());
    }

    /** The changes of all sides go through one topic, so that those of a group meet in one task. */
    private static KStream<byte[], byte[]> summedUp(
            StreamsBuilder builder, GenerationFolds folds, FoldStep.Factory sum) {
        KStream<byte[], byte[]> changes = null;
        for (GenerationFolds.OfEvents side : folds.ofEvents()) {
            KStream<byte[], byte[]> more = folded(builder, folds.runtime(), side);
            changes = changes == null ? more : changes.merge(more, Named.as("merge-" + side.type()));
        }
        builder.addStateStore(store(GROUPS));
        return Objects.requireNonNull(changes, "a view folds the events of a type at least")
                .repartition(Repartitioned.with(BYTES, BYTES).withName(PARTS))
                .process(() -> new FoldProcessor(folds.runtime(), sum), Named.as(SUM), GROUPS);
    }

    private static KStream<byte[], byte[]> events(StreamsBuilder builder, String topic, String name) {
        return builder.stream(
                topic,
                Consumed.with(BYTES, BYTES)
                        .withName(name)
                        .withOffsetResetPolicy(AutoOffsetReset.earliest())
                        .withTimestampExtractor(new RecordTimeExtractor()));
    }

    private static StoreBuilder<KeyValueStore<byte[], byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(CheckedStore.persistent(name), BYTES, BYTES)
                .withCachingDisabled();
    }
}
