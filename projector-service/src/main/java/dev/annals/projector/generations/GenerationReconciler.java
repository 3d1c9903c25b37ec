package dev.annals.projector.generations;

import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Generation.Status;
import dev.annals.engine.viewregistry.Generations;
import dev.annals.projector.bulk.BulkBuilds;
import dev.annals.projector.views.GroupOffsets;
import dev.annals.projector.views.ProjectedViews;
import dev.annals.projector.views.ProjectedViews.ProjectedView;
import dev.annals.service.Readiness;
import dev.annals.service.Worker;
import dev.annals.service.Workers;
import dev.annals.service.kafka.LocalState;
import dev.annals.service.kafka.StreamsHost;
import dev.annals.service.kafka.TopicProvisioner;
import dev.annals.service.kafka.TopicSpec;
import dev.annals.service.views.ViewRegistry;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control loop of generations: has this instance fold those that are in the view registry and that its release can
 * fold, and takes part in their {@link GenerationLifecycle}. One thread, which looks at the registry when it changes
 * and twice a second, and more often while a generation is on its way. While Kafka is away everything stays as it is.
 */
public final class GenerationReconciler implements Readiness, AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(500);

    /** While a generation is on its way. */
    private static final Duration SHORT_PAUSE = Duration.ofMillis(150);

    /** While one takes over, rows stand still: a good moment to hurry. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

    private static final Duration CLOSE_LIMIT = StreamsHost.CLOSE_LIMIT.plusSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(GenerationReconciler.class);

    private final ProjectedViews views;
    private final ViewRegistry registry;
    private final StreamsHost host;
    private final GenerationLifecycle lifecycle;
    private final GroupOffsets offsets;
    private final TopicProvisioner topics;
    private final RowSchemas schemas;
    private final BulkBuilds builds;
    private final Retries retries;
    private final Worker worker;

    /** Until the next look; the thread's own. */
    private Duration pause = PAUSE;

    /** @param failures counts what failed for a view or a generation, and is tried again */
    public GenerationReconciler(
            ProjectedViews views,
            ViewRegistry registry,
            StreamsHost host,
            GroupOffsets offsets,
            Counter failures,
            Workers workers) {
        this.views = views;
        this.registry = registry;
        this.host = host;
        this.offsets = offsets;
        this.retries = new Retries(failures);
        this.lifecycle =
                new GenerationLifecycle(views, registry, offsets, InstantSource.system(), new Retries(failures));
        this.topics = new TopicProvisioner(views.config());
        this.schemas = new RowSchemas(views.config().topics(), views.config().values());
        this.worker = workers.worker("view-generations", this::round).endsWithin(CLOSE_LIMIT, () -> {});
        this.builds = new BulkBuilds(views, offsets, workers, worker::wake);
    }

    public void start() {
        registry.onChange(worker::wake);
        worker.start();
    }

    private Duration round() throws InterruptedException {
        pause = PAUSE;
        retries.attempt("all", () -> pause = look());
        return pause;
    }

    /** How long to wait before the next look. */
    private Duration look() throws InterruptedException {
        if (!registry.isComplete()) {
            return SHORTEST_PAUSE;
        }
        Generations all = registry.generations();
        host(all);
        boolean takingOver = lifecycle.step(all);
        if (takingOver || !registry.generations().equals(all)) {
            return SHORTEST_PAUSE;
        }
        boolean coming = all.all().stream().anyMatch(each -> each.status().isComing());
        return coming ? SHORT_PAUSE : PAUSE;
    }

    /** Starts what is to be folded here, and ends the rest. */
    private void host(Generations all) throws InterruptedException {
        Map<String, Generation> wanted = new LinkedHashMap<>();
        for (Generation each : all.all()) {
            if (all.isFolded(each) && views.canFold(each)) {
                wanted.put(each.view().toString(), each);
            }
        }
        for (String name : host.names()) {
            if (!wanted.containsKey(name)) {
                LOG.atInfo().addKeyValue("view", name).log("a generation is no longer folded here");
                host.remove(name);
            }
        }
        for (Generation each : all.all()) {
            retries.attempt(each.view() + " on disk", () -> removeState(each));
        }
        wanted.keySet().removeAll(host.names());
        builds.keep(wanted.values());
        schemas.keep(wanted.values());
        for (Generation each : wanted.values()) {
            retries.attempt(each.view(), () -> begin(each));
        }
    }

    /** What is to be built from the first event is built in memory before it is folded. */
    private void begin(Generation one) throws ExecutionException, InterruptedException {
        ProjectedView view = Objects.requireNonNull(views.get(one.view().name()));
        if (builds.isUnderWay(one) || !schemas.ensure(one.view(), view.rows())) {
            return;
        }
        if (one.status() == Status.BUILDING && !one.isPartial() && !offsets.hasBegun(views.group(one.view()))) {
            builds.begin(one, view);
            return;
        }
        topics.ensure(List.of(TopicSpec.view(views.config().topics(), one.view())));
        offsets.beginAt(views.group(one.view()), one.from());
        host.add(views.application(view, one));
    }

    /** Nobody else would ever delete the stores of a generation that is gone. */
    private void removeState(Generation one) {
        if (one.status() == Status.REMOVED || one.status() == Status.GONE) {
            LocalState.delete(views.config(), ViewTopology.applicationId(one.view()));
        }
    }

    @Override
    public List<String> reasonsAgainst() {
        Generations all = registry.generations();
        List<String> reasons = new ArrayList<>(schemas.reasonsAgainst());
        for (ProjectedView view : views.all()) {
            Generation live = all.live(view.name());
            if (all.of(view.name()).stream().noneMatch(views::canFold)) {
                reasons.add(view.name() + ": not begun yet");
            } else if (live != null
                    && views.canFold(live)
                    && all.isFolded(live)
                    && !host.names().contains(live.view().toString())) {
                reasons.add(live.view() + ": starting");
            }
        }
        return reasons;
    }

    @Override
    public void close() {
        worker.close();
        builds.close();
        schemas.close();
    }
}
