package dev.annals.projector;

import dev.annals.core.avro.AggregateBinding;
import dev.annals.core.notes.ViewId;
import dev.annals.core.projecting.ViewTopology;
import dev.annals.core.projection.View;
import dev.annals.service.Domains;
import dev.annals.service.Domains.DomainView;
import dev.annals.service.ServiceConfig;
import dev.annals.service.kafka.StreamsApp;
import dev.annals.service.kafka.StreamsDefaults;
import dev.annals.service.views.ViewBoard;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/** The views of all domains, each as an application of its own: one that fails stops no other, and a new version is a replay. */
record ProjectedViews(List<ProjectedView> all) {

    /**
     * Every commit is a transaction, every poll of an idle thread costs, and there are many views: nobody waits for a row as
     * for the answer to a command.
     */
    private static final Map<String, Object> DEFAULTS =
            Map.of(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50, StreamsConfig.POLL_MS_CONFIG, 20);

    /**
     * @param group the application's id, which is its consumer group
     * @param eventsTopic what the view reads
     */
    record ProjectedView(
            View<?, ?> view, String aggregateType, String group, String eventsTopic, StreamsApp application) {

        String name() {
            return view.name();
        }
    }

    /** @throws dev.annals.core.avro.BindingException if a record of a domain does not fit its schema */
    static ProjectedViews of(ServiceConfig config, Domains domains, ViewBoard board, MeterRegistry meters) {
        BoardSkips skips = new BoardSkips(board, meters);
        List<ProjectedView> views = new ArrayList<>();
        Map<String, AggregateBinding<?, ?, ?>> types = new LinkedHashMap<>();
        domains.aggregates().forEach(type -> types.put(type.name(), AggregateBinding.of(type)));
        domains.views().forEach(each -> views.add(project(each, types, config, skips)));
        return new ProjectedViews(List.copyOf(views));
    }

    private static ProjectedView project(
            DomainView each, Map<String, AggregateBinding<?, ?, ?>> types, ServiceConfig config, BoardSkips skips) {
        View<?, ?> view = each.view();
        AggregateBinding<?, ?, ?> events =
                Objects.requireNonNull(types.get(each.aggregate().name()));
        String id = ViewTopology.applicationId(view);
        Supplier<Topology> topology =
                () -> ViewTopology.of(view, events, types.values(), config.topics(), config.values(), skips);
        topology.get().describe(); // a row that does not fit its schema fails here, and not in a retry loop
        return new ProjectedView(
                view,
                events.type().name(),
                config.topics().prefix() + id,
                config.topics().events(events.type().name()),
                StreamsApp.of(view.name(), topology, StreamsDefaults.of(config, id, DEFAULTS))
                        .stoppedBy(new ViewStops(ViewId.of(view), skips.board(), InstantSource.system())));
    }

    List<StreamsApp> applications() {
        return all.stream().map(ProjectedView::application).toList();
    }
}
