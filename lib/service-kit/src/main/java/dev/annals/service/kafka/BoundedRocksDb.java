package dev.annals.service.kafka;

import java.util.EnumSet;
import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.HistogramType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;
import org.rocksdb.WriteBufferManager;

/**
 * One bound on the native memory of all stores of a process: block cache, index and filter blocks and write buffers
 * share {@value #TOTAL_BYTES} bytes, instead of about 100 MB a store. And one count of what is read with a wrong
 * checksum.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {

    private static final long TOTAL_BYTES = 128L << 20;
    private static final long WRITE_BUFFERS_BYTES = 48L << 20;
    private static final long WRITE_BUFFER_BYTES = 8L << 20;
    private static final int WRITE_BUFFERS = 2;
    private static final int NO_SHARD_BITS = -1;
    private static final double INDEX_AND_FILTER_SHARE = 0.1;

    static {
        RocksDB.loadLibrary();
    }

    // Shared by all stores, so they live as long as the process and close() must leave them alone.
    private static final Cache CACHE = new LRUCache(TOTAL_BYTES, NO_SHARD_BITS, false, INDEX_AND_FILTER_SHARE);
    private static final WriteBufferManager WRITE_BUFFER_MANAGER = new WriteBufferManager(WRITE_BUFFERS_BYTES, CACHE);

    // Histograms would cost two looks at the clock for each read.
    private static final Statistics STATISTICS = new Statistics(EnumSet.allOf(HistogramType.class));

    /**
     * How many blocks of any store of this process were read with a wrong checksum. A block that is damaged counts each
     * time, since it isn't kept. Thread-safe.
     */
    public static long wrongChecksums() {
        return STATISTICS.getTickerCount(TickerType.BLOCK_CHECKSUM_MISMATCH_COUNT);
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        table.setCacheIndexAndFilterBlocks(true);
        table.setCacheIndexAndFilterBlocksWithHighPriority(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setStatistics(STATISTICS);
        options.setWriteBufferManager(WRITE_BUFFER_MANAGER);
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setMaxWriteBufferNumber(WRITE_BUFFERS);
    }

    @Override
    public void close(String storeName, Options options) {
        // nothing here belongs to one store
    }
}
