package dev.annals.query.routing;

import dev.annals.engine.viewregistry.Stop;
import dev.annals.query.table.Shard;
import dev.annals.query.table.TopicTable;
import dev.annals.service.http.Response;
import org.jspecify.annotations.Nullable;

/**
 * A request for what is stored under one key: how it is read where the key's partition is. By any thread, more than
 * once.
 */
public interface KeyQuery {

    TopicTable table();

    /** By which the table's records are partitioned. */
    byte[] partitionKey();

    /** The same request, for another instance. */
    ForwardedRequest request();

    /** Of the record whose change is waited for. */
    byte[] awaitedKey();

    /** The version that is reached there; 0 if there is nothing. */
    long version(Shard shard);

    /**
     * @throws dev.annals.query.table.TableUnavailableException if the shard moves away, or is a copy that may lack what
     *     was asked for
     */
    Response read(Shard shard);

    /** Where what makes the records has stopped; null if it goes on. */
    @Nullable
    Stop stop();

    String what();
}
