package dev.annals.query.api;

import dev.annals.engine.notes.ViewId;
import dev.annals.query.table.TableUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the other instances leave a generation behind before this one answers from the next: there rows go on, and who
 * saw one of them must not be shown an older one elsewhere. Who was asked keeps its requests waiting until it can
 * answer from the next one itself. For one thread, but where it says otherwise.
 */
final class Leaving {

    /** After which this instance goes on without those that don't answer: longer than they can stand still without noticing it. */
    private static final Duration LIMIT = Pulse.LIMIT.plusSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Leaving.class);

    private final Peers peers;
    private final Map<ViewId, Long> since = new HashMap<>();

    Leaving(Peers peers) {
        this.peers = peers;
    }

    /**
     * Asks all others, those that hold nothing of the view included. Blocks for a second at most; call it again until all have left.
     *
     * @param before what answers here now
     */
    boolean haveAllLeft(@Nullable ViewTable before, ViewTable next) {
        long begun = since.computeIfAbsent(next.id(), any -> System.nanoTime());
        Set<HostInfo> staying = new LinkedHashSet<>();
        Map<HostInfo, CompletableFuture<Boolean>> asked = new HashMap<>();
        others(before == null ? List.of(next) : List.of(before, next))
                .forEach(other -> asked.put(other, peers.leaveAllBefore(other, next.id())));
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
                    .log(
                            "other instances don't say that they left the generation before; this one goes on without them");
        }
        return staying.isEmpty() || tooLong;
    }

    /**
     * Whether one of the others has found a generation readable, or is of a release that doesn't tell. From any thread;
     * blocks for half a second at most, since the one that wants to know is being waited for itself.
     */
    boolean isFoundReadable(ServedView view, ViewId next) {
        return others(view.tables()).stream()
                .map(other -> peers.hasFoundReadable(other, next))
                .toList() // all are asked before the first is waited for
                .stream()
                .anyMatch(CompletableFuture::join);
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
