package dev.annals.query.routing;

import dev.annals.engine.viewregistry.Stop;
import dev.annals.query.table.Shard;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.table.TopicTable;
import dev.annals.query.table.Waiters;
import dev.annals.service.http.Response;
import io.javalin.http.Context;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes a request for one key to the instance that has its partition: this one, or one that is a hop away. Where the
 * owner does not answer, a standby does, and the answer says so. Thread-safe.
 */
public final class Router {

    public static final String SERVED_BY = "X-Served-By";
    public static final String STANDBY = "standby";

    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    private final Peers peers;
    private final WaitingRequests waiting;

    public Router(Peers peers, WaitingRequests waiting) {
        this.peers = peers;
        this.waiting = waiting;
    }

    /**
     * Answers at once, on the request's own thread, where the partition is here and has the version. Who must wait, for
     * the version, for a partition that moves or for another instance, does so on a virtual thread.
     *
     * @param attempts the query, made anew for each attempt: another generation of a view may answer then
     */
    public void answer(Context ctx, MinVersion min, Supplier<? extends KeyQuery> attempts) {
        Response here = atOnce(min, attempts);
        if (here != null) {
            here.send(ctx);
            return;
        }
        waiting.answer(ctx, min.left(), () -> {
            KeyQuery query = attempts.get();
            TopicTable table = query.table();
            int partition = table.partitionOf(query.partitionKey());
            ForwardedRequest request = query.request();
            return table.isHere(partition) || request.passedOn()
                    ? awaitVersion(query, min, partition, request.standby())
                    : forward(query, min, partition);
        });
    }

    /**
     * Answers on the caller's thread.
     *
     * @return null where the partition is not here, or has not the version
     */
    public @Nullable Response atOnce(MinVersion min, Supplier<? extends KeyQuery> attempts) {
        try {
            waiting.requireSteady();
            KeyQuery query = attempts.get();
            TopicTable table = query.table();
            Shard shard = shard(
                    table,
                    table.partitionOf(query.partitionKey()),
                    query.request().standby());
            return min.isReachedBy(min.reached(query, shard)) ? read(query, shard) : null;
        } catch (TableUnavailableException e) {
            return null; // It is elsewhere, moves or catches up.
        }
    }

    private static Shard shard(TopicTable table, int partition, boolean standby) {
        return standby ? table.standby(partition) : table.shard(partition);
    }

    private static Response read(KeyQuery query, Shard shard) {
        Response answer = query.read(shard);
        return shard.isStandby() ? answer.with(SERVED_BY, STANDBY) : answer;
    }

    /**
     * Read your writes: reads the shard here once it has the version. It may move meanwhile, and is then asked for
     * elsewhere.
     */
    private static Response awaitVersion(KeyQuery query, MinVersion min, int partition, boolean standby)
            throws InterruptedException {
        try (Waiters.Waiter change = query.table().waiters().enter(query.awaitedKey())) {
            long stopped = 0; // nanoseconds that what makes the records has been seen as stopped
            while (true) {
                Shard shard = shard(query.table(), partition, standby);
                long reached = min.reached(query, shard);
                if (min.isReachedBy(reached)) {
                    return read(query, shard);
                }
                Stop stop = query.stop();
                min.requireHope(query.what(), reached, shard.isStandby(), stop, stopped);
                long before = System.nanoTime();
                change.await(Math.min(min.left().toNanos(), MinVersion.PATIENCE_WITH_STOPS.toNanos()));
                stopped = stop == null ? 0 : stopped + System.nanoTime() - before;
            }
        }
    }

    private Response forward(KeyQuery query, MinVersion min, int partition) throws InterruptedException {
        TopicTable table = query.table();
        TopicTable.Holders holders = table.holders(partition);
        HostInfo owner = holders.owner();
        try {
            if (owner == null || table.isSelf(owner)) {
                throw new TableUnavailableException(
                        "partition %d of %s is not here, or not caught up".formatted(partition, table.name()));
            }
            return peers.pass(owner, query.request(), min.left());
        } catch (TableUnavailableException ownersReason) {
            if (table.isStandbyHere(partition)) {
                return awaitVersion(query, min, partition, true);
            }
            for (HostInfo copy : holders.standbys()) {
                try {
                    return peers.pass(copy, query.request().ofStandby(), min.left());
                } catch (TableUnavailableException e) {
                    LOG.debug("a standby of partition {} of {} can't answer either", partition, table.name(), e);
                }
            }
            throw ownersReason;
        }
    }
}
