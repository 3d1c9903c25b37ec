package dev.annals.query.views;

import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Generation.Status;
import dev.annals.engine.viewregistry.Generations;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.query.routing.Peers;
import dev.annals.query.table.PauseDetector;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.table.Tables;
import dev.annals.query.table.TopicTable.Phase;
import dev.annals.service.Readiness;
import dev.annals.service.Worker;
import dev.annals.service.Workers;
import dev.annals.service.views.ViewRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts over from one generation of a view to the next, blue/green: fills a table for each generation that is noted, and
 * has requests answered from the one that is live. One thread, which looks at the notes several times a second.
 *
 * <p>A generation that is being built has a hidden table. Once it is noted as live, its projectors have read all that
 * those of the one before had read, which stands still since. From then on its table opens: each instance reads a
 * partition of it only with all that was written at that moment. When every partition can be read so, wherever it is,
 * and all others have left the generation before ({@link DrainPeers}), this instance switches. So nothing that is
 * answered anywhere is older than what was answered before. Others switch a moment later, and requests that they have
 * begun are answered from the generation that they ask for; what was replaced is kept for them. While Kafka is away
 * everything stays as it is.
 */
public final class CutOver implements Readiness, AutoCloseable {

    // What instances ask each other about a view, with the generation in a header; not for clients. 204 is yes, 503 is
    // no.

    /** POST: to answer nothing any more from before the generation. */
    public static final String LEAVE = "/internal/views/{view}/leave";

    /** GET: whether the generation was found readable everywhere. */
    public static final String READABLE = "/internal/views/{view}/readable";

    /** GET: whether the partitions in a header can be read there. */
    public static final String PARTITIONS = "/internal/views/{view}/partitions";

    /** After this instance has switched: for others to do so, which ask here for what was replaced. */
    static final Duration REPLACED_KEPT = Duration.ofSeconds(60);

    /**
     * For all instances to have joined the group of a table; longer than a session, after which one that died is in
     * none.
     */
    private static final Duration JOINED_WITHIN = Duration.ofSeconds(10);

    /**
     * After a take-over others may answer from the generation before for so long: who starts in this time opens the new
     * one as they do.
     */
    private static final Duration SETTLED_AFTER = Duration.ofSeconds(60);

    /**
     * An instance that has nothing else to answer from does not wait longer for all partitions; some may be readable.
     */
    private static final Duration FIRST_WITHIN = Duration.ofSeconds(30);

    /** After which it is said that a switch takes long. The generation before goes on answering. */
    private static final Duration SWITCH_EXPECTED = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** While rows stand still. */
    private static final Duration SHORT_PAUSE = Duration.ofMillis(50);

    private static final Logger LOG = LoggerFactory.getLogger(CutOver.class);

    private final Collection<ServedView> views;
    private final DrainPeers peers;
    private final Tables tables;
    private final ViewRegistry board;
    private final PauseDetector pauses;
    private final Worker worker;

    /** By others, who said so; of live generations that this instance goes over to. */
    private final Set<ViewId> foundReadable = ConcurrentHashMap.newKeySet();

    /** By this instance, which others may ask; of the same. */
    private final Set<ViewId> foundHere = ConcurrentHashMap.newKeySet();

    private final Map<ViewId, Long> opening = new HashMap<>();
    private final Map<ViewId, Long> past = new HashMap<>();
    private final Set<ViewId> cleared = new HashSet<>();
    private volatile List<String> missing = List.of("views: not known yet");

    public CutOver(
            Collection<ServedView> views,
            Peers peers,
            Tables tables,
            ViewRegistry board,
            PauseDetector pauses,
            Workers workers) {
        this.views = views;
        this.peers = new DrainPeers(peers);
        this.tables = tables;
        this.board = board;
        this.pauses = pauses;
        this.worker = workers.worker("cut-over", this::round)
                .endsWithin(Duration.ZERO, () -> {}); // it may be asking another instance
    }

    public void start() {
        board.onChange(worker::wake);
        worker.start();
    }

    /**
     * Another instance is about to answer from a generation. Anybody can claim that, and requests wait here once the
     * one before is left: so the others are asked, whose addresses Kafka knows, whether one of them has found it
     * readable. From any thread; waits for them.
     *
     * @return whether no request is answered from before it here any more; not so while its note has not come here
     */
    public boolean leaveAllBefore(ServedView view, ViewId next) {
        if (answersFrom(view, next)) {
            return true;
        }
        Generation live = board.generations().live(view.name());
        if (live == null || live.view().generation() < next.generation() || !peers.isFoundReadable(view, next)) {
            return false;
        }
        view.leaveAllBefore(next.generation());
        if (live.view().equals(next)) { // else this instance goes over to a newer one
            foundReadable.add(next);
            worker.wake();
        }
        return true;
    }

    /**
     * Whether this instance knows by itself that a generation can be read completely. Asked by others before they leave
     * for it.
     */
    public boolean hasFoundReadable(ServedView view, ViewId next) {
        return foundHere.contains(next) || answersFrom(view, next);
    }

    /** Whether partitions of a generation can be read here. Asked by others before they find it readable everywhere. */
    public boolean arePartitionsReadable(ServedView view, ViewId id, Set<Integer> partitions) {
        ViewTable table = view.table(id.generation());
        return table != null && pauses.isSteady() && table.table().areHere(partitions);
    }

    private static boolean answersFrom(ServedView view, ViewId next) {
        ViewTable served = view.served();
        return served != null && served.generation() >= next.generation();
    }

    private Duration round() {
        attempt();
        return opening.isEmpty() ? PAUSE : SHORT_PAUSE;
    }

    @SuppressWarnings("CatchingUnchecked") // nobody else would go on with it
    private void attempt() {
        if (!pauses.isRecovered()) {
            recover();
        }
        if (!board.isComplete()) {
            return;
        }
        Generations all = board.generations();
        List<String> reasons = new ArrayList<>();
        for (ServedView view : views) {
            try {
                List<Generation> noted = all.of(view.name());
                follow(view, noted);
                if (noted.isEmpty()) {
                    reasons.add("%s: no projector has begun it yet".formatted(view.name()));
                } else if (view.served() == null && all.live(view.name()) != null) {
                    reasons.add("%s: a new generation takes over".formatted(view.name()));
                }
            } catch (Exception e) {
                if (view.served() == null) {
                    reasons.add("%s: %s".formatted(view.name(), e.getMessage()));
                }
                LOG.atWarn().addKeyValue("view", view.name()).setCause(e).log("generations can't be looked after now");
            }
        }
        missing = List.copyOf(reasons);
    }

    /**
     * This process stood still, or was cut off from Kafka: another generation may be live, which this board hears of
     * later, and others may have its partitions.
     */
    private void recover() {
        int stops = pauses.stops();
        try {
            Generations now = board.readAnew();
            for (ServedView view : views) {
                Generation live = now.live(view.name());
                if (live != null) {
                    view.leaveAllBefore(live.view().generation());
                }
            }
            tables.doubt();
            pauses.recoveredFrom(stops);
            LOG.atWarn()
                    .addKeyValue("limit", PauseDetector.LIMIT)
                    .log("this process stood still or was cut off;"
                            + " partitions are read when they have what was written meanwhile");
        } catch (KafkaException | TableUnavailableException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("this process stood still or was cut off, and can't find out what it missed;"
                            + " it answers nothing");
        }
    }

    private void follow(ServedView view, List<Generation> noted) {
        for (Generation each : noted) {
            switch (each.status()) {
                case BUILDING, TAKING_OVER -> fill(view, each.view(), Phase.HIDDEN);
                case LIVE -> fill(view, each.view(), isSettled(view, each, noted) ? Phase.OPEN : Phase.OPENING);
                case REPLACED, REMOVED, GONE -> {}
            }
        }
        Generations of = new Generations(noted);
        serve(view, of.live(view.name()), of);
        view.building(of.coming(view.name()));
        noted.forEach(each -> cleanUp(view, each));
    }

    /**
     * Whether a live generation can be answered from as it is: nothing was answered here before, and elsewhere only
     * from it.
     */
    private static boolean isSettled(ServedView view, Generation live, List<Generation> noted) {
        boolean hasReplacedOther = noted.stream().anyMatch(each -> each.status() == Status.REPLACED);
        boolean recent = live.since().plus(SETTLED_AFTER).isAfter(Instant.now());
        return view.served() == null && !(hasReplacedOther && recent);
    }

    private void fill(ServedView view, ViewId id, Phase phase) {
        if (view.table(id.generation()) == null) {
            ViewTable table = view.newTable(id, phase);
            if (tables.add(table.table())) {
                LOG.atInfo().addKeyValue("view", id).addKeyValue("phase", phase).log("a generation is filled here");
                view.add(table);
            }
        }
    }

    private void serve(ServedView view, @Nullable Generation live, Generations noted) {
        ViewTable next = live == null ? null : view.table(live.view().generation());
        ViewTable now = view.served();
        if (next == null && isLost(now, noted)) {
            view.serveNothing();
        }
        if (next == null || next.equals(now) || (now != null && now.generation() > next.generation())) {
            return;
        }
        if (next.table().phase() == Phase.OPEN) { // the first that this instance knows of: as it is
            switchTo(view, next);
            return;
        }
        if (next.table().phase() == Phase.HIDDEN) {
            next.table().become(Phase.OPENING);
        }
        if (now != null) {
            now.table().become(Phase.PAST); // it stands still, and answers until the next can
        }
        long since = opening.computeIfAbsent(next.id(), any -> System.nanoTime());
        if (isLost(now, noted) || (isReadable(now, next, since) && peers.haveAllLeft(now, next))) {
            switchTo(view, next);
        } else if (System.nanoTime() - since > SWITCH_EXPECTED.toNanos()) {
            opening.put(next.id(), System.nanoTime());
            LOG.atWarn()
                    .addKeyValue("view", next.id())
                    .addKeyValue("limit", SWITCH_EXPECTED)
                    .log("the new generation can't be read completely yet; the one before goes on answering");
        }
    }

    private boolean isReadable(@Nullable ViewTable now, ViewTable next, long since) {
        boolean readable = foundReadable.contains(next.id()) || isWhole(now, next, System.nanoTime() - since);
        if (readable) {
            foundHere.add(next.id());
        }
        return readable;
    }

    /** Whether every partition can be read, here and elsewhere, and none is about to move. */
    private boolean isWhole(@Nullable ViewTable now, ViewTable next, long waited) {
        if (now == null && waited > FIRST_WITHIN.toNanos()) {
            return true;
        }
        try {
            boolean joined = waited > JOINED_WITHIN.toNanos() || haveAllJoined(now, next);
            return joined && peers.arePartitionsReadable(next);
        } catch (TableUnavailableException e) {
            LOG.atDebug()
                    .addKeyValue("view", next.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("not readable yet");
            return false;
        }
    }

    /** Partitions move to whoever joins, which takes longer than a request waits. */
    private static boolean haveAllJoined(@Nullable ViewTable now, ViewTable next) {
        return now == null
                || next.table().otherInstances().containsAll(now.table().otherInstances());
    }

    /** Whether what answers now is about to be deleted everywhere. */
    private static boolean isLost(@Nullable ViewTable now, Generations noted) {
        Generation of = now == null ? null : noted.get(now.id());
        return of != null && (of.status() == Status.REMOVED || of.status() == Status.GONE);
    }

    private void switchTo(ServedView view, ViewTable next) {
        ViewTable before = view.served();
        view.serve(next);
        noLongerOpening(next.id());
        LOG.atInfo()
                .addKeyValue("view", next.id())
                .addKeyValue("before", before == null ? "none" : before.id())
                .log("requests are answered from this generation");
    }

    private void noLongerOpening(ViewId view) {
        opening.remove(view);
        foundReadable.remove(view);
        foundHere.remove(view);
        peers.forget(view);
    }

    /** What is not needed any more goes, with what an earlier run has left. */
    private void cleanUp(ServedView view, Generation one) {
        if (one.status() != Status.LIVE) {
            noLongerOpening(one.view());
        }
        boolean unwanted = switch (one.status()) {
            case BUILDING, TAKING_OVER, LIVE -> false;
            case REPLACED -> isKeptLongEnough(view, one.view());
            case REMOVED, GONE -> true;
        };
        ViewTable table = view.table(one.view().generation());
        if (unwanted && !(table != null && table.equals(view.served())) && cleared.add(one.view())) {
            ViewTable old = table == null ? view.newTable(one.view(), Phase.PAST) : table;
            view.remove(old);
            tables.remove(old.table());
        }
    }

    private boolean isKeptLongEnough(ServedView view, ViewId id) {
        ViewTable table = view.table(id.generation());
        if (table == null) {
            return view.served() != null;
        }
        if (table.table().phase() != Phase.PAST || table.equals(view.served())) {
            return false;
        }
        long since = past.computeIfAbsent(id, any -> System.nanoTime());
        return System.nanoTime() - since > REPLACED_KEPT.toNanos();
    }

    @Override
    public List<String> reasonsAgainst() {
        return missing;
    }

    @Override
    public void close() {
        worker.close();
    }
}
