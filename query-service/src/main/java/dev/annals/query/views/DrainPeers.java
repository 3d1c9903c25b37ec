package dev.annals.query.views;

import dev.annals.engine.viewregistry.ViewId;
import dev.annals.query.routing.ForwardedRequest;
import dev.annals.query.routing.Peers;
import dev.annals.query.table.PauseDetector;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.table.TopicTable;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains the other instances of a generation before this one answers from the next: there rows go on, and who saw one
 * of them must not be shown an older one elsewhere. Who was asked keeps its requests waiting until it can answer from
 * the next one itself. Before that it asks them whether the next one can be read at all. For one thread, but where it
 * says otherwise.
 */
final class DrainPeers {

    /**
     * After which this instance goes on without those that don't answer: longer than they can stand still without
     * noticing it.
     */
    private static final Duration LIMIT = PauseDetector.LIMIT.plusSeconds(1);

    /** For a word that is all that is asked of another instance. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);

    /** The one that asks is asked itself, and has to answer within the limit above. */
    private static final Duration FOUND_LIMIT = Duration.ofMillis(500);

    private static final int YES = 204;

    private static final Logger LOG = LoggerFactory.getLogger(DrainPeers.class);

    private final Peers peers;
    private final Map<ViewId, Long> since = new HashMap<>();

    DrainPeers(Peers peers) {
        this.peers = peers;
    }

    /**
     * Asks all others, those that hold nothing of the view included. Blocks for a second at most; call it again until
     * all have left.
     *
     * @param before what answers here now
     */
    boolean haveAllLeft(@Nullable ViewTable before, ViewTable next) {
        long begun = since.computeIfAbsent(next.id(), any -> System.nanoTime());
        Set<HostInfo> staying = new LinkedHashSet<>();
        Map<HostInfo, CompletableFuture<Boolean>> asked = new HashMap<>();
        others(before == null ? List.of(next) : List.of(before, next))
                .forEach(other -> asked.put(other, leaveAllBefore(other, next.id())));
        asked.forEach((other, left) -> {
            if (!left.join()) {
                staying.add(other);
            }
        });
        boolean tooLong = System.nanoTime() - begun > LIMIT.toNanos();
        if (!staying.isEmpty() && tooLong) {
            LOG.atWarn()
                    .addKeyValue("view", next.id())
                    .addKeyValue("instances", staying)
                    .addKeyValue("limit", LIMIT)
                    .log("others don't say that they left the generation before; this instance goes on without them");
        }
        return staying.isEmpty() || tooLong;
    }

    /**
     * Whether another instance answers nothing any more from before a generation, or is gone; false if it can't yet, or
     * says nothing.
     */
    private CompletableFuture<Boolean> leaveAllBefore(HostInfo other, ViewId next) {
        return ask(other, CutOver.LEAVE, next, request -> request.POST(BodyPublishers.noBody()), ANSWER_LIMIT)
                .handle((response, failure) -> response == null ? isNobodyThere(failure) : isYes(response));
    }

    private static boolean isNobodyThere(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof ConnectException;
    }

    /**
     * Whether one of the others has found a generation readable. From any thread; blocks for half a second at most,
     * since the one that wants to know is being waited for itself.
     */
    boolean isFoundReadable(ServedView view, ViewId next) {
        return others(view.tables()).stream()
                .map(other -> isYes(ask(other, CutOver.READABLE, next, UnaryOperator.identity(), FOUND_LIMIT)))
                .toList() // all are asked before the first is waited for
                .stream()
                .anyMatch(CompletableFuture::join);
    }

    /**
     * Whether every partition of a generation can be read at its owner, here or elsewhere. Blocks for a second at most.
     *
     * @throws TableUnavailableException if the owners aren't known now
     */
    boolean arePartitionsReadable(ViewTable next) {
        TopicTable table = next.table();
        Map<HostInfo, Set<Integer>> byOwner = new HashMap<>();
        for (int partition = 0; partition < table.partitions(); partition++) {
            HostInfo owner = table.holders(partition).owner();
            if (owner == null) {
                return false;
            }
            byOwner.computeIfAbsent(owner, any -> new TreeSet<>()).add(partition);
        }
        List<CompletableFuture<Boolean>> answers = byOwner.entrySet().stream()
                .map(each -> table.isSelf(each.getKey())
                        ? CompletableFuture.completedFuture(table.areHere(each.getValue()))
                        : areReadableAt(each.getKey(), next, each.getValue()))
                .toList();
        return answers.stream().allMatch(CompletableFuture::join);
    }

    private CompletableFuture<Boolean> areReadableAt(HostInfo owner, ViewTable next, Set<Integer> partitions) {
        return isYes(ask(
                owner,
                CutOver.PARTITIONS,
                next.id(),
                request -> request.header(ForwardedRequest.PARTITIONS, ForwardedRequest.listed(partitions)),
                ANSWER_LIMIT));
    }

    private CompletableFuture<HttpResponse<byte[]>> ask(
            HostInfo other, String path, ViewId of, UnaryOperator<HttpRequest.Builder> more, Duration limit) {
        return peers.ask(
                other,
                path.replace("{view}", of.name()),
                request -> more.apply(request.header(ForwardedRequest.GENERATION, Integer.toString(of.generation()))),
                limit);
    }

    private static CompletableFuture<Boolean> isYes(CompletableFuture<? extends HttpResponse<?>> asked) {
        return asked.handle((response, failure) -> response != null && isYes(response));
    }

    private static boolean isYes(HttpResponse<?> response) {
        return response.statusCode() == YES;
    }

    void forget(ViewId view) {
        since.remove(view);
    }

    private static Set<HostInfo> others(Collection<ViewTable> tables) {
        Set<HostInfo> others = new LinkedHashSet<>();
        for (ViewTable each : tables) {
            try {
                others.addAll(each.table().otherInstances());
            } catch (TableUnavailableException e) {
                LOG.atDebug().addKeyValue("view", each.id()).setCause(e).log("nothing is known of its instances now");
            }
        }
        return others;
    }
}
