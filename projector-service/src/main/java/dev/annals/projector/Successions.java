package dev.annals.projector;

import dev.annals.engine.notes.Generation;
import dev.annals.engine.notes.Generation.Status;
import dev.annals.engine.notes.Generations;
import dev.annals.engine.notes.ViewCode;
import dev.annals.engine.notes.ViewId;
import dev.annals.engine.notes.ViewNotes;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.projector.ProjectedViews.ProjectedView;
import dev.annals.service.views.ViewBoard;
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
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings generations forward: begins those that this release needs, has one that has caught up take over from the live one, and deletes
 * what is no longer wanted. Every projector does this; the notes' editor sees to it that each step is made once. For one thread.
 */
final class Successions {

    /** For the live generation to stand still, and for its successor to read the rest; then it is folded on for the time being. */
    static final Duration TAKE_OVER_LIMIT = Duration.ofSeconds(30);

    /** Before what failed to take over tries again. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    /** For instances everywhere to learn that a generation is removed, before its topics go. */
    private static final Duration NOTICE = Duration.ofSeconds(5);

    /** For the board to learn of a change. */
    private static final Duration NEWS_LIMIT = Duration.ofSeconds(1);

    private static final Duration NEWS_PAUSE = Duration.ofMillis(10);

    private static final Logger LOG = LoggerFactory.getLogger(Successions.class);

    private final ProjectedViews views;
    private final ViewBoard board;
    private final GroupOffsets offsets;
    private final InstantSource clock;
    private final Attempts attempts;
    private final Map<ViewId, CatchingUp> catchingUp = new HashMap<>();
    private final Map<ViewId, Instant> notBefore = new HashMap<>();

    /** Once each: whoever cancels that means it. */
    private final Set<ViewId> rebuilt = new HashSet<>();

    Successions(ProjectedViews views, ViewBoard board, GroupOffsets offsets, InstantSource clock, Attempts attempts) {
        this.views = views;
        this.board = board;
        this.offsets = offsets;
        this.clock = clock;
        this.attempts = attempts;
    }

    /**
     * Takes each generation one step further, where it is time. One that can't be, holds up no other.
     *
     * @return whether one takes over, so that the next step is soon
     */
    boolean step(Generations all) throws InterruptedException {
        for (ProjectedView view : views.all()) {
            if (isToBegin(all, view)) {
                attempts.at(view.name(), () -> begin(view));
            }
        }
        for (ViewId view : views.skips().rereads().views()) {
            attempts.at(view, () -> rebuildIfLive(all, view));
        }
        for (Generation each : all.all()) {
            attempts.at(each.view(), () -> step(all, each));
        }
        return all.all().stream().anyMatch(each -> each.status() == Status.TAKING_OVER);
    }

    private void step(Generations all, Generation one) throws ExecutionException, InterruptedException {
        switch (one.status()) {
            case BUILDING -> build(one);
            case TAKING_OVER -> takeOver(all, one);
            case REMOVED -> remove(one);
            case LIVE, REPLACED, GONE -> catchingUp.remove(one.view());
        }
    }

    /** One that was cancelled is not begun again by itself. */
    private static boolean isToBegin(Generations all, ProjectedView view) {
        return all.of(view.name()).stream().noneMatch(each -> each.code().equals(view.code()));
    }

    private void begin(ProjectedView view) throws ExecutionException, InterruptedException {
        boolean nothingThere =
                new CatchingUp(offsets, "", view.eventsTopics(), ViewTopology.partsTopic("")).isNothingThere();
        List<Generation> older = ofOlderReleases(view);
        List<Generation> begun = edit(notes -> begun(notes, view, older, nothingThere));
        begun.forEach(each -> LOG.atInfo()
                .addKeyValue("view", each.view())
                .addKeyValue("status", each.statusName())
                .addKeyValue("code", each.code())
                .log("a generation begins"));
    }

    private List<Generation> begun(ViewNotes notes, ProjectedView view, List<Generation> older, boolean nothingThere) {
        Generations all = notes.generations();
        if (!isToBegin(all, view)) {
            return List.of();
        }
        if (!all.of(view.name()).isEmpty()) {
            return List.of(all.next(view.name(), view.code(), Map.of(), clock.instant()));
        }
        List<Generation> first = new ArrayList<>(older);
        if (older.stream().noneMatch(each -> each.code().equals(view.code()))) {
            Status status = nothingThere && older.isEmpty() ? Status.LIVE : Status.BUILDING;
            first.add(new Generation(ViewId.first(view.view()), view.code(), status, Map.of(), clock.instant()));
        }
        return first;
    }

    /** What releases folded that had no notes of generations: the number was the view's version. */
    private List<Generation> ofOlderReleases(ProjectedView view) throws ExecutionException, InterruptedException {
        for (int version = view.view().version(); version > 0; version--) {
            ViewId id = new ViewId(view.name(), version);
            String group = views.group(id);
            if (offsets.hasBegun(group)) {
                ViewCode code = version == view.code().version() ? view.code() : new ViewCode(version, "");
                return List.of(new Generation(id, code, Status.LIVE, Map.of(), clock.instant()));
            }
        }
        return List.of();
    }

    /** Whoever sets offsets back by Kafka's own tool wants the view built anew; over live stores that would do nothing. */
    private void rebuildIfLive(Generations all, ViewId view) throws InterruptedException {
        Generation one = all.get(view);
        if (one == null || one.status() != Status.LIVE || all.coming(view.name()) != null || rebuilt.contains(view)) {
            return;
        }
        log(edit(notes -> {
            Generations now = notes.generations();
            return one.equals(now.live(view.name())) && now.coming(view.name()) == null
                    ? List.of(now.next(view.name(), one.code(), Map.of(), clock.instant()))
                    : List.of();
        }));
        rebuilt.add(view);
    }

    private void build(Generation one) throws ExecutionException, InterruptedException {
        if (!views.canFold(one) || clock.instant().isBefore(notBefore.getOrDefault(one.view(), Instant.MIN))) {
            return;
        }
        if (catchingUp(one).hasCaughtUp()) {
            catchingUp.remove(one.view()); // to take over, it looks anew
            log(edit(notes -> notes.generations().caughtUp(one.view(), clock.instant())));
        }
    }

    private void takeOver(Generations all, Generation one) throws ExecutionException, InterruptedException {
        if (!views.canFold(one)) {
            return;
        }
        Generation live = all.live(one.view().name());
        String standing = live == null ? null : views.group(live.view());
        if (standing == null
                || (!offsets.hasMembers(standing) && catchingUp(one).isNowhereBehind(standing))) {
            log(edit(notes -> notes.generations().tookOver(one.view(), clock.instant())));
        } else if (one.since().plus(TAKE_OVER_LIMIT).isBefore(clock.instant())) {
            notBefore.put(one.view(), clock.instant().plus(PAUSE));
            catchingUp.remove(one.view());
            LOG.atWarn()
                    .addKeyValue("view", one.view())
                    .addKeyValue("group", standing)
                    .addKeyValue("members", offsets.hasMembers(standing))
                    .log("a generation could not take over in time; is an older release still running? it tries again");
            log(edit(notes -> notes.generations().gaveWay(one.view(), clock.instant())));
        }
    }

    private CatchingUp catchingUp(Generation one) {
        String group = views.group(one.view());
        return catchingUp.computeIfAbsent(
                one.view(),
                any -> new CatchingUp(
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
        log(edit(notes -> notes.generations().gone(one.view(), clock.instant())));
    }

    private interface Change {
        List<Generation> of(ViewNotes notes);
    }

    /** Each edit ends the transactions of other editors, so the next comes only when the board knows what this one, or theirs, has changed. */
    private List<Generation> edit(Change change) throws InterruptedException {
        Generations before = board.generations();
        List<Generation> changed =
                board.edit(change::of).stream().map(Generation.class::cast).toList();
        long deadline = System.nanoTime() + NEWS_LIMIT.toNanos();
        while (board.generations().equals(before) && System.nanoTime() < deadline) {
            Thread.sleep(NEWS_PAUSE);
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
