package dev.annals.query.rows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.query.routing.ForwardedRequest;
import dev.annals.query.table.Shard;
import dev.annals.query.table.TopicTable;
import java.util.Collection;

/** One attempt to make a page of a table's records, in the order of their keys. */
public interface Scan {

    TopicTable table();

    /** As it came; other instances are asked the same. */
    ForwardedRequest request();

    /** Reads what stands in partitions here. */
    Rows read(Collection<Shard> shards);

    /** The key of an item that another instance has found. */
    byte[] key(JsonNode item);

    /** The member of a part for another instance that says how far this one has looked. */
    default String scannedTo() {
        return "scannedTo";
    }
}
