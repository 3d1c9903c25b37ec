package dev.annals.query.api;

import dev.annals.query.table.Shard;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.table.TopicTable;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a query for one key to the instance that has its partition: here, or one hop away. Where the owner does not answer, a
 * standby does, and the answer says so. Thread-safe.
 */
final class Router {

    static final String SERVED_BY = "X-Served-By";
    static final String STANDBY = "standby";

    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    private final Peers peers;

    Router(Peers peers) {
        this.peers = peers;
    }

    /** Answers from a partition that is looked up anew at each use, since it may move. */
    @FunctionalInterface
    interface Local {
        Answer answer(Supplier<Shard> shard);
    }

    /**
     * Answers here or has another instance answer.
     *
     * @param key by which the record is partitioned
     * @param wait how long the query may wait where it is answered
     */
    Answer route(TopicTable table, byte[] key, Target target, Query.Patience patience, Duration wait, Local local) {
        int partition = table.partitionOf(key);
        if (table.isHere(partition)) {
            return here(table, partition, target, patience, local);
        }
        if (target.passedOn()) {
            return passedOn(table, partition, target, patience, local);
        }
        TableUnavailableException elsewhere = elsewhere(table, partition);
        if (patience == Query.Patience.NONE) {
            throw elsewhere;
        }
        TopicTable.Holders holders = table.holders(partition);
        try {
            return owner(table, holders, target, wait, elsewhere);
        } catch (TableUnavailableException e) {
            return standby(table, partition, holders, target, wait, local, e);
        }
    }

    private static Answer here(TopicTable table, int partition, Target target, Query.Patience patience, Local local) {
        try {
            return local.answer(() -> table.shard(partition));
        } catch (TableUnavailableException e) {
            if (target.passedOn() && patience == Query.Patience.BLOCKING) {
                throw Answering.unavailable(String.valueOf(e.getMessage())); // whoever passed it on may know better now
            }
            throw e;
        }
    }

    /** Whoever passed it on knows an owner that has changed, or asks another standby: let it look again at once. */
    private static Answer passedOn(
            TopicTable table, int partition, Target target, Query.Patience patience, Local local) {
        try {
            if (!target.standby()) {
                throw elsewhere(table, partition);
            }
            return local.answer(() -> table.standby(partition)).with(SERVED_BY, STANDBY);
        } catch (TableUnavailableException e) {
            if (patience == Query.Patience.NONE && target.standby()) {
                throw e;
            }
            throw Answering.unavailable(String.valueOf(e.getMessage()));
        }
    }

    private static TableUnavailableException elsewhere(TopicTable table, int partition) {
        return new TableUnavailableException(
                "partition %d of %s is not here, or not caught up".formatted(partition, table.name()));
    }

    private Answer owner(
            TopicTable table,
            TopicTable.Holders holders,
            Target target,
            Duration wait,
            TableUnavailableException elsewhere) {
        if (holders.owner() == null || table.isSelf(holders.owner())) {
            throw elsewhere;
        }
        return peers.pass(holders.owner(), target, wait);
    }

    private Answer standby(
            TopicTable table,
            int partition,
            TopicTable.Holders holders,
            Target target,
            Duration wait,
            Local local,
            TableUnavailableException ownersReason) {
        if (table.isStandbyHere(partition)) {
            return local.answer(() -> table.standby(partition)).with(SERVED_BY, STANDBY);
        }
        for (HostInfo copy : holders.standbys()) {
            try {
                return peers.passToStandby(copy, target, wait);
            } catch (TableUnavailableException e) {
                LOG.debug("a standby of partition {} of {} can't answer either", partition, table.name(), e);
            }
        }
        throw ownersReason;
    }
}
