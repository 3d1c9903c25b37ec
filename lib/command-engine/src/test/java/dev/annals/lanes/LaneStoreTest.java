package dev.annals.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

class LaneStoreTest {

    private static final int ENTRIES = 2_000;

    static {
        RocksDB.loadLibrary();
    }

    @TempDir
    private Path folder;

    private static byte[] key(int number) {
        return ByteBuffer.allocate(5).put((byte) 'S').putInt(number).array();
    }

    private static byte[] value(int number) {
        return ByteBuffer.allocate(100).putInt(number).array();
    }

    @Test
    void values_are_found_whatever_of_their_tables_is_in_memory() {
        try (Cache nothing = new LRUCache(0);
                LaneStore store = LaneStore.open(folder, options -> cacheIn(nothing, options))) {
            for (int half = 0; half < 2; half++) {
                int from = half * ENTRIES / 2;
                store.write(batch -> {
                    for (int i = from; i < from + ENTRIES / 2; i++) {
                        batch.put(key(i), value(i));
                    }
                });
                store.flush();
            }

            for (int i = 0; i < ENTRIES; i++) {
                assertThat(store.get(key(i))).as("entry %d", i).isEqualTo(value(i));
            }
            assertThat(store.get(key(ENTRIES))).isNull();
        }
    }

    @Test
    void what_made_the_states_is_known_again() {
        try (Cache nothing = new LRUCache(0);
                LaneStore store = LaneStore.open(folder, options -> cacheIn(nothing, options))) {
            store.haveStates(42, Map.of());
            store.flush();
            assertThat(store.identity()).isEqualTo(42);
        }
        try (LaneStore store = LaneStore.open(folder, options -> {})) {
            assertThat(store.identity()).isEqualTo(42);
            assertThat(store.isRecovering()).isFalse();
        }
    }

    /** As all stores of a service have their tables in one cache, indexes too, where others may take their places. */
    private static void cacheIn(Cache cache, Options options) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(cache);
        table.setCacheIndexAndFilterBlocks(true);
        options.setTableFormatConfig(table);
    }
}
