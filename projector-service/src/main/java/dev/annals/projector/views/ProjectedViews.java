package dev.annals.projector.views;

import dev.annals.api.JoinedView;
import dev.annals.api.View;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.PolledRecords;
import dev.annals.engine.projecting.GenerationFolds;
import dev.annals.engine.projecting.RowBinding;
import dev.annals.engine.projecting.ViewFailedException;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.engine.viewregistry.ViewCode;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.service.Domains;
import dev.annals.service.Domains.DomainView;
import dev.annals.service.ServiceConfig;
import dev.annals.service.kafka.Stops;
import dev.annals.service.kafka.StreamsApp;
import dev.annals.service.kafka.StreamsDefaults;
import dev.annals.service.views.ViewRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/**
 * The views of all domains, as this release folds them. Each generation of a view is an application of its own: one
 * that fails stops no other, and one can be built beside another.
 */
public record ProjectedViews(
        List<ProjectedView> all, ServiceConfig config, ViewRegistry registry, RegisteredSkips skips) {

    /** Of what comes in the pause after a commit that was asked for, or under load. */
    private static final Map<String, Object> DEFAULTS = Map.of(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);

    /**
     * A view in any of its generations.
     *
     * @param rows their schema
     * @param code what this release folds it by
     * @param eventsTopics what it reads
     * @param folds of a generation
     */
    public record ProjectedView(
            View<?, ?> view,
            Schema rows,
            ViewCode code,
            String aggregateType,
            Set<String> eventsTopics,
            Function<Generation, GenerationFolds> folds) {

        public String name() {
            return view.name();
        }
    }

    /** @throws dev.annals.engine.avro.BindingException if a record of a domain does not fit its schema */
    public static ProjectedViews of(
            ServiceConfig config, Domains domains, ViewRegistry registry, MeterRegistry meters) {
        RegisteredSkips skips = new RegisteredSkips(registry, meters);
        List<ProjectedView> views = new ArrayList<>();
        Map<String, AggregateBinding<?, ?, ?>> types = new LinkedHashMap<>();
        domains.aggregates().forEach(type -> types.put(type.name(), AggregateBinding.of(type)));
        domains.views().forEach(each -> views.add(project(each, types, config, skips)));
        return new ProjectedViews(List.copyOf(views), config, registry, skips);
    }

    private static ProjectedView project(
            DomainView each,
            Map<String, AggregateBinding<?, ?, ?>> types,
            ServiceConfig config,
            RegisteredSkips skips) {
        View<?, ?> view = each.view();
        AggregateBinding<?, ?, ?> events =
                Objects.requireNonNull(types.get(each.aggregate().name()));
        ViewCode code = ViewTopology.code(each.aggregate(), view);
        Function<Generation, GenerationFolds> folds = generation ->
                GenerationFolds.of(view, generation, events, types.values(), config.topics(), config.values(), skips);
        Generation any = new Generation(ViewId.first(view), code, Generation.Status.BUILDING, Map.of(), Instant.EPOCH);
        ViewTopology.of(folds.apply(any)).describe(); // a row that does not fit fails here, and not in a retry loop
        Schema rows = RowBinding.of(each.aggregate(), view).schema();
        return new ProjectedView(
                view, rows, code, events.type().name(), eventsTopics(view, events, types, config), folds);
    }

    private static Set<String> eventsTopics(
            View<?, ?> view,
            AggregateBinding<?, ?, ?> own,
            Map<String, AggregateBinding<?, ?, ?>> types,
            ServiceConfig config) {
        Set<Class<?>> read = new LinkedHashSet<>();
        if (view instanceof JoinedView<?> joined) {
            joined.sides().forEach(side -> read.add(side.events()));
        } else {
            read.add(own.type().events());
        }
        Set<String> topics = new LinkedHashSet<>();
        types.values().stream()
                .filter(type -> read.contains(type.type().events()))
                .forEach(type -> topics.add(config.topics().events(type.type().name())));
        return topics;
    }

    public @Nullable ProjectedView get(String name) {
        return all.stream().filter(view -> view.name().equals(name)).findFirst().orElse(null);
    }

    /** What a view reads; nothing if this release does not know it. */
    public Set<String> eventsTopics(String name) {
        ProjectedView view = get(name);
        return view == null ? Set.of() : view.eventsTopics();
    }

    public boolean canFold(Generation generation) {
        ProjectedView view = get(generation.view().name());
        return view != null && view.code().equals(generation.code());
    }

    /** The generations whose groups' offsets somebody has set back, as seen by this instance since it was started. */
    public Set<ViewId> offsetResets() {
        return skips.offsetResets();
    }

    public String group(ViewId generation) {
        return config.topics().prefix() + ViewTopology.applicationId(generation);
    }

    /** The application of a generation; while readers don't have it, the projector is ready without it. */
    public StreamsApp application(ProjectedView view, Generation generation) {
        ViewId id = generation.view();
        return StreamsApp.of(
                        id.toString(),
                        () -> ViewTopology.of(view.folds().apply(generation)),
                        PolledRecords.install(StreamsDefaults.of(config, ViewTopology.applicationId(id), DEFAULTS)))
                .stoppedBy(new ViewStops(id, registry, InstantSource.system()))
                .essentialWhere(() -> isLive(id));
    }

    private boolean isLive(ViewId id) {
        Generation registered = registry.generations().get(id);
        return registered != null && registered.status() == Generation.Status.LIVE;
    }

    /**
     * The stops of one generation: events that it can't fold. It is stopped wherever it is folded, so all instances say
     * the same.
     */
    private record ViewStops(ViewId view, ViewRegistry registry, InstantSource clock) implements Stops {

        @Override
        public boolean take(Throwable failure) {
            ViewFailedException failed = ViewFailedException.in(failure);
            if (failed != null) {
                registry.tell(failed.stop(clock.instant()));
            }
            return failed != null;
        }

        @Override
        public @Nullable String reason() {
            Stop stop = registry.stop(view);
            return stop == null
                    ? null
                    : "%s, key %s, since %s: %s"
                            .formatted(
                                    stop.place(),
                                    stop.recordKey() == null ? "none" : "'" + stop.recordKey() + "'",
                                    stop.since(),
                                    stop.reason());
        }
    }
}
