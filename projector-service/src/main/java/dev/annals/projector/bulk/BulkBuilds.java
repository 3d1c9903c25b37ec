package dev.annals.projector.bulk;

import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.projector.views.GroupOffsets;
import dev.annals.projector.views.ProjectedViews;
import dev.annals.projector.views.ProjectedViews.ProjectedView;
import dev.annals.service.Workers;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/** The bulk builds in which this instance takes part; it holds the memory of one at a time. For one thread. */
public final class BulkBuilds implements AutoCloseable {

    private final ProjectedViews views;
    private final GroupOffsets offsets;
    private final Workers workers;
    private final Runnable ended;
    private final Semaphore turns = new Semaphore(1);
    private final Map<ViewId, BulkBuild> builds = new HashMap<>();

    /** @param ended told after each, by its thread */
    public BulkBuilds(ProjectedViews views, GroupOffsets offsets, Workers workers, Runnable ended) {
        this.views = views;
        this.offsets = offsets;
        this.workers = workers;
        this.ended = ended;
    }

    /** Takes part in the build of a generation, in the background. */
    public void begin(Generation one, ProjectedView view) {
        BulkBuild build = new BulkBuild(one, views, view, offsets, turns, workers, ended);
        builds.put(one.view(), build);
        build.start();
    }

    /** Whether this instance takes part in it, and it has not ended. */
    public boolean isUnderWay(Generation one) {
        BulkBuild build = builds.get(one.view());
        return build != null && build.isUnderWay();
    }

    /** Ends all others. */
    public void keep(Collection<Generation> wanted) {
        Set<ViewId> kept = wanted.stream().map(Generation::view).collect(Collectors.toSet());
        builds.entrySet().removeIf(each -> {
            boolean ends = !kept.contains(each.getKey());
            if (ends) {
                each.getValue().close();
            }
            return ends;
        });
    }

    @Override
    public void close() {
        keep(List.of());
    }
}
