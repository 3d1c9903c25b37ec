package dev.annals.query.table;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * A store beside a table that keeps something made of its records: where the one is, there is the other, on standbys
 * too. What is kept is logged to a compacted topic. Thread-safe.
 */
public interface SideStore {

    /**
     * What it is; names the topic. A table has another consumer group with it than without: it then sees all records.
     */
    String name();

    /**
     * A record has been put into the table, or removed from it. Called by the partition's stream thread, which an
     * exception ends; some records come again after a failure.
     *
     * @param here the partition, with that change
     * @param kept its store
     */
    void changed(byte[] key, boolean removed, Shard here, KeyValueStore<Bytes, byte[]> kept);
}
