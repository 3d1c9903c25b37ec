package dev.annals.query.api;

import dev.annals.query.table.Shard;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.table.TopicTable;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.apache.kafka.streams.state.HostInfo;

/** Brings a query for one key to the instance that has its partition: here, or one hop away. Thread-safe. */
final class Router {

    private final Peers peers;

    Router(Peers peers) {
        this.peers = peers;
    }

    /**
     * Answers here or has the owner answer.
     *
     * @param key by which the record is partitioned
     * @param wait how long the query may wait where it is answered
     */
    Answer route(
            TopicTable table,
            byte[] key,
            Target target,
            Query.Patience patience,
            Duration wait,
            Function<Shard, Answer> here) {
        int partition = table.partitionOf(key);
        if (table.isHere(partition)) {
            return here.apply(table.shard(partition));
        }
        String elsewhere = "partition %d of %s is not here, or not caught up".formatted(partition, table.name());
        if (target.passedOn()) {
            // Whoever passed it on knows an owner that has changed: let it look again.
            throw Answering.unavailable(elsewhere);
        }
        if (patience == Query.Patience.NONE) {
            throw new TableUnavailableException(elsewhere);
        }
        HostInfo owner = Objects.requireNonNull(table.owners().get(partition));
        if (table.isSelf(owner)) {
            throw new TableUnavailableException(elsewhere);
        }
        return peers.pass(owner, target, wait);
    }
}
