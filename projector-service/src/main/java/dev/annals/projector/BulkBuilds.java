package dev.annals.projector;

import dev.annals.engine.notes.Generation;
import dev.annals.engine.notes.ViewId;
import dev.annals.projector.ProjectedViews.ProjectedView;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/** The builds in memory in which this instance takes part; it holds one's memory at a time. For one thread. */
final class BulkBuilds implements AutoCloseable {

    private final ProjectedViews views;
    private final GroupOffsets offsets;
    private final Runnable ended;
    private final Semaphore turns = new Semaphore(1);
    private final Map<ViewId, BulkBuild> builds = new HashMap<>();

    /** @param ended told after each, by its thread */
    BulkBuilds(ProjectedViews views, GroupOffsets offsets, Runnable ended) {
        this.views = views;
        this.offsets = offsets;
        this.ended = ended;
    }

    void begin(Generation one, ProjectedView view) {
        BulkBuild build = new BulkBuild(one, views, view, offsets, turns, ended);
        builds.put(one.view(), build);
        build.start();
    }

    boolean isUnderWay(Generation one) {
        BulkBuild build = builds.get(one.view());
        return build != null && build.isUnderWay();
    }

    /** Ends all others. */
    void keep(Collection<Generation> wanted) {
        Set<ViewId> kept = wanted.stream().map(Generation::view).collect(Collectors.toSet());
        for (Iterator<Map.Entry<ViewId, BulkBuild>> each = builds.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<ViewId, BulkBuild> build = each.next();
            if (!kept.contains(build.getKey())) {
                build.getValue().close();
                each.remove();
            }
        }
    }

    @Override
    public void close() {
        keep(List.of());
    }
}
