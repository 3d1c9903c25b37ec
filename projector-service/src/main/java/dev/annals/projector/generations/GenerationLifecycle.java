package dev.annals.projector.generations;

import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Generation.Status;
import dev.annals.engine.viewregistry.Generations;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.projector.views.GroupOffsets;
import dev.annals.projector.views.ProjectedViews;
import dev.annals.projector.views.ProjectedViews.ProjectedView;
import dev.annals.service.views.ViewRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.kafka.common.IsolationLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transitions of generations between the states of {@link Status}: begins those that this release needs, has one
 * that has caught up take over from the live one, and deletes what is no longer wanted. Every projector does this; the
 * registry's compare and set sees to it that each step is made once. For one thread.
 */
final class GenerationLifecycle {

    /**
     * For the live generation to stand still, and for its successor to read the rest; then it is folded on for the time
     * being.
     */
    static final Duration TAKE_OVER_LIMIT = Duration.ofSeconds(30);

    /** Before what failed to take over tries again. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    /** For instances everywhere to learn that a generation is removed, before its topics go. */
    private static final Duration NOTICE = Duration.ofSeconds(5);

    /** For the registry to learn of a change. */
    private static final Duration SEEN_LIMIT = Duration.ofSeconds(1);

    private static final Duration SEEN_PAUSE = Duration.ofMillis(10);

    private static final Logger LOG = LoggerFactory.getLogger(GenerationLifecycle.class);

    private final ProjectedViews views;
    private final ViewRegistry registry;
    private final GroupOffsets offsets;
    private final InstantSource clock;
    private final Retries retries;
    private final Map<ViewId, CatchUp> catchUps = new HashMap<>();
    private final Map<ViewId, Instant> notBefore = new HashMap<>();

    /** Once each: whoever cancels that means it. */
    private final Set<ViewId> rebuilt = new HashSet<>();

    GenerationLifecycle(
            ProjectedViews views, ViewRegistry registry, GroupOffsets offsets, InstantSource clock, Retries retries) {
        this.views = views;
        this.registry = registry;
        this.offsets = offsets;
        this.clock = clock;
        this.retries = retries;
    }

    /**
     * Takes each generation one step further, where it is time. One that can't be, holds up no other.
     *
     * @return whether one takes over, so that the next step is soon
     */
    boolean step(Generations all) throws InterruptedException {
        for (ProjectedView view : views.all()) {
            if (isToBegin(all, view)) {
                retries.attempt(view.name(), () -> begin(view));
            }
        }
        for (ViewId view : views.offsetResets()) {
            retries.attempt(view, () -> rebuildIfLive(all, view));
        }
        for (Generation each : all.all()) {
            retries.attempt(each.view(), () -> step(all, each));
        }
        return all.all().stream().anyMatch(each -> each.status() == Status.TAKING_OVER);
    }

    private void step(Generations all, Generation one) throws ExecutionException, InterruptedException {
        switch (one.status()) {
            case BUILDING -> build(one);
            case TAKING_OVER -> takeOver(all, one);
            case REMOVED -> remove(one);
            case LIVE, REPLACED, GONE -> catchUps.remove(one.view());
        }
    }

    /** One that was cancelled is not begun again by itself. */
    private static boolean isToBegin(Generations all, ProjectedView view) {
        return all.of(view.name()).stream().noneMatch(each -> each.code().equals(view.code()));
    }

    private void begin(ProjectedView view) throws ExecutionException, InterruptedException {
        boolean nothingThere = offsets.endsOfFilled(
                        offsets.partitions(view.eventsTopics()), IsolationLevel.READ_COMMITTED)
                .isEmpty();
        List<Generation> begun = edit(all -> begun(all, view, nothingThere));
        begun.forEach(each -> LOG.atInfo()
                .addKeyValue("view", each.view())
                .addKeyValue("status", each.statusName())
                .addKeyValue("code", each.code())
                .log("a generation begins"));
    }

    private List<Generation> begun(Generations all, ProjectedView view, boolean nothingThere) {
        if (!isToBegin(all, view)) {
            return List.of();
        }
        if (!all.of(view.name()).isEmpty()) {
            return List.of(all.next(view.name(), view.code(), Map.of(), clock.instant()));
        }
        Status status = nothingThere ? Status.LIVE : Status.BUILDING;
        return List.of(new Generation(ViewId.first(view.view()), view.code(), status, Map.of(), clock.instant()));
    }

    /**
     * Whoever sets offsets back by Kafka's own tool wants the view built anew; over live stores that would do nothing.
     */
    private void rebuildIfLive(Generations all, ViewId view) throws InterruptedException {
        Generation one = all.get(view);
        if (one == null || one.status() != Status.LIVE || all.coming(view.name()) != null || rebuilt.contains(view)) {
            return;
        }
        log(edit(now -> one.equals(now.live(view.name())) && now.coming(view.name()) == null
                ? List.of(now.next(view.name(), one.code(), Map.of(), clock.instant()))
                : List.of()));
        rebuilt.add(view);
    }

    private void build(Generation one) throws ExecutionException, InterruptedException {
        if (!views.canFold(one) || clock.instant().isBefore(notBefore.getOrDefault(one.view(), Instant.MIN))) {
            return;
        }
        if (catchUp(one).hasCaughtUp()) {
            catchUps.remove(one.view()); // to take over, it looks anew
            log(edit(now -> now.caughtUp(one.view(), clock.instant())));
        }
    }

    private void takeOver(Generations all, Generation one) throws ExecutionException, InterruptedException {
        if (!views.canFold(one)) {
            return;
        }
        Generation live = all.live(one.view().name());
        String standing = live == null ? null : views.group(live.view());
        if (standing == null || (!offsets.hasMembers(standing) && catchUp(one).isNowhereBehind(standing))) {
            log(edit(now -> now.tookOver(one.view(), clock.instant())));
        } else if (one.since().plus(TAKE_OVER_LIMIT).isBefore(clock.instant())) {
            notBefore.put(one.view(), clock.instant().plus(PAUSE));
            catchUps.remove(one.view());
            LOG.atWarn()
                    .addKeyValue("view", one.view())
                    .addKeyValue("group", standing)
                    .addKeyValue("members", offsets.hasMembers(standing))
                    .log("a generation could not take over in time; it tries again");
            log(edit(now -> now.gaveWay(one.view(), clock.instant())));
        }
    }

    private CatchUp catchUp(Generation one) {
        String group = views.group(one.view());
        return catchUps.computeIfAbsent(
                one.view(),
                any -> new CatchUp(
                        offsets, group, views.eventsTopics(one.view().name()), ViewTopology.partsTopic(group)));
    }

    private void remove(Generation one) throws ExecutionException, InterruptedException {
        String group = views.group(one.view());
        String builders = ViewTopology.builders(group);
        if (one.since().plus(NOTICE).isAfter(clock.instant())
                || offsets.hasMembers(group)
                || offsets.hasMembers(builders)) {
            return;
        }
        List<String> unwanted = new ArrayList<>();
        Pattern internal = ViewTopology.internalTopics(group);
        String rows = views.config().topics().view(one.view().name(), one.view().generation());
        for (String topic : offsets.topics()) {
            if (topic.equals(rows) || internal.matcher(topic).matches()) {
                unwanted.add(topic);
            }
        }
        offsets.deleteTopics(unwanted);
        offsets.deleteGroup(group);
        offsets.deleteGroup(builders);
        log(edit(now -> now.gone(one.view(), clock.instant())));
    }

    /**
     * Each edit ends the transactions of other writers, so the next comes only when {@link ViewRegistry#generations}
     * knows what this one, or theirs, has changed.
     */
    private List<Generation> edit(Function<Generations, List<Generation>> change) throws InterruptedException {
        Generations before = registry.generations();
        List<Generation> changed = registry.edit(state -> change.apply(state.generations())).stream()
                .map(Generation.class::cast)
                .toList();
        long deadline = System.nanoTime() + SEEN_LIMIT.toNanos();
        while (registry.generations().equals(before) && System.nanoTime() < deadline) {
            Thread.sleep(SEEN_PAUSE);
        }
        return changed;
    }

    private static void log(List<Generation> changed) {
        changed.forEach(each -> LOG.atInfo()
                .addKeyValue("view", each.view())
                .addKeyValue("status", each.statusName())
                .log("a generation goes on"));
    }
}
