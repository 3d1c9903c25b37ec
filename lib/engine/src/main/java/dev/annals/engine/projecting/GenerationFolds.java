package dev.annals.engine.projecting;

import dev.annals.api.AggregateView;
import dev.annals.api.Contribution;
import dev.annals.api.GroupedView;
import dev.annals.api.JoinedView;
import dev.annals.api.View;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.folding.StreamFold;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.viewregistry.Generation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The folds of one generation of a view, and of which topic each is. They are run as a Streams application
 * ({@link ViewTopology}) or in memory ({@link MemoryBuild}), and come to the same. Immutable.
 */
public final class GenerationFolds {

    private final ViewRuntime<?, ?> runtime;
    private final List<OfEvents> ofEvents;
    private final @Nullable OfGroups ofGroups;

    /**
     * The fold of one type's events.
     *
     * @param suffix of all names, where there are several; else empty
     */
    record OfEvents(String suffix, String type, String topic, FoldStep.Factory steps) {

        /** The store with what each aggregate came to. */
        String store() {
            return ViewTopology.AGGREGATES + suffix;
        }
    }

    /** The fold of the changes of groups; each task has one of its own. */
    @FunctionalInterface
    interface OfGroups extends FoldStep.Factory {
        @Override
        GroupFold<?> in(FoldStep.Context context);
    }

    private GenerationFolds(ViewRuntime<?, ?> runtime, List<OfEvents> ofEvents, @Nullable OfGroups ofGroups) {
        this.runtime = runtime;
        this.ofEvents = List.copyOf(ofEvents);
        this.ofGroups = ofGroups;
    }

    ViewRuntime<?, ?> runtime() {
        return runtime;
    }

    List<OfEvents> ofEvents() {
        return ofEvents;
    }

    /** Null if rows are of aggregates. */
    @Nullable
    OfGroups ofGroups() {
        return ofGroups;
    }

    /**
     * @param own of the aggregate type to which the view belongs
     * @param all of the installation, for views that join several
     * @param skips which records are passed over, and which changes of groups
     * @throws BindingException if a row or part has no schema or does not fit it, or a side's type is not there
     */
    @SuppressWarnings("unchecked") // a domain lists its views beside its aggregate, both of the same events
    public static GenerationFolds of(
            View<?, ?> view,
            Generation generation,
            AggregateBinding<?, ?, ?> own,
            Collection<AggregateBinding<?, ?, ?>> all,
            Topics topics,
            AvroSerdes serdes,
            Skips skips) {
        return ofTyped(
                (View<Object, ?>) view, generation, (AggregateBinding<?, ?, Object>) own, all, topics, serdes, skips);
    }

    private static <E, R extends Record> GenerationFolds ofTyped(
            View<E, R> view,
            Generation generation,
            AggregateBinding<?, ?, E> own,
            Collection<AggregateBinding<?, ?, ?>> all,
            Topics topics,
            AvroSerdes serdes,
            Skips skips) {
        var runtime = new ViewRuntime<>(
                generation.view(),
                StreamFold.of(view, generation.isPartial()),
                own,
                RowBinding.of(own.type(), view),
                topics,
                serdes,
                skips);
        return switch (view) {
            case AggregateView<E, R> rows ->
                new GenerationFolds(
                        runtime, List.of(ofEvents(runtime, "", in -> new RowFold<>(runtime, rows, in))), null);
            case GroupedView<E, ?, R> groups ->
                new GenerationFolds(
                        runtime,
                        List.of(parts(runtime, groups, "")),
                        in -> new GroupFold<>(runtime, Map.of(own.type().name(), groups), in));
            case JoinedView<?> joined -> joined(runtime, sides(joined), all);
        };
    }

    @SuppressWarnings("unchecked") // a view of these rows, as what it came from was
    private static <R extends Record> List<JoinedView.Side<?, ?, R>> sides(JoinedView<?> view) {
        return ((JoinedView<R>) view).sides();
    }

    private static <R extends Record> GenerationFolds joined(
            ViewRuntime<?, R> runtime,
            List<JoinedView.Side<?, ?, R>> sides,
            Collection<AggregateBinding<?, ?, ?>> all) {
        List<OfEvents> parts = new ArrayList<>();
        Map<String, Contribution<?, ?, R>> contributions = new LinkedHashMap<>();
        for (JoinedView.Side<?, ?, R> side : sides) {
            AggregateBinding<?, ?, ?> binding = binding(side, all);
            String type = binding.type().name();
            if (contributions.put(type, side) != null) {
                throw new BindingException("view %s has two sides of %s".formatted(runtime.view(), type));
            }
            parts.add(parts(runtime, side, binding));
        }
        if (parts.isEmpty()) {
            throw new BindingException("view %s has no sides".formatted(runtime.view()));
        }
        return new GenerationFolds(runtime, parts, in -> new GroupFold<>(runtime, contributions, in));
    }

    static AggregateBinding<?, ?, ?> binding(JoinedView.Side<?, ?, ?> side, Collection<AggregateBinding<?, ?, ?>> all) {
        return all.stream()
                .filter(each -> each.type().events().equals(side.events()))
                .findFirst()
                .orElseThrow(() -> new BindingException("no aggregate type of this installation has the events "
                        + side.events().getName()));
    }

    @SuppressWarnings("unchecked") // found by the class of the events
    private static <E, R extends Record> OfEvents parts(
            ViewRuntime<?, R> runtime, JoinedView.Side<E, ?, R> side, AggregateBinding<?, ?, ?> binding) {
        return parts(
                runtime.reading((AggregateBinding<?, ?, E>) binding),
                side,
                "-" + binding.type().name());
    }

    private static <E, R extends Record> OfEvents parts(
            ViewRuntime<E, R> runtime, Contribution<E, ?, R> contribution, String suffix) {
        return ofEvents(
                runtime, suffix, in -> new PartFold<>(runtime, contribution, ViewTopology.AGGREGATES + suffix, in));
    }

    private static OfEvents ofEvents(ViewRuntime<?, ?> runtime, String suffix, FoldStep.Factory steps) {
        return new OfEvents(suffix, runtime.events().type().name(), runtime.eventsTopic(), steps);
    }
}
