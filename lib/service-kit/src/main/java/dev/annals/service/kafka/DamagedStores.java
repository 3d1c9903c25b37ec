package dev.annals.service.kafka;

import dev.annals.engine.kafka.DiskSpace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stores of one application that can't be read, and their way back: what is in a store stands in a topic, too, so
 * Kafka Streams fills one anew that is gone.
 */
final class DamagedStores {

    private static final Logger LOG = LoggerFactory.getLogger(DamagedStores.class);

    /** Of the folder of a task, where all its stores are. */
    private static final String ROCKSDB = "rocksdb";

    private DamagedStores() {}

    /** Whether a failure may come of damaged files: not where there is only no room for more. */
    static boolean isSuspect(Throwable failure) {
        boolean ofStore = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            ofStore |= cause instanceof ProcessorStateException || cause instanceof RocksDBException;
        }
        return ofStore && !DiskSpace.isShort(failure);
    }

    /**
     * Deletes the folders of those tasks that have a store with a missing file or a wrong checksum. Reads all of them;
     * none may be open.
     *
     * @param application its folder; may be missing
     */
    static void delete(Path application) {
        for (Path task : folders(application)) {
            String damage = damage(task);
            if (damage != null) {
                LOG.atWarn()
                        .addKeyValue("folder", task)
                        .addKeyValue("reason", damage)
                        .log("a damaged store is deleted, and filled anew");
                deleteTask(task);
            }
        }
    }

    private static void deleteTask(Path task) {
        try {
            Utils.delete(task.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("Can't delete the damaged store in %s".formatted(task), e);
        }
    }

    private static @Nullable String damage(Path task) {
        for (Path store : folders(task.resolve(ROCKSDB))) {
            try {
                verify(store.toString());
            } catch (RocksDBException e) {
                if (!DiskSpace.isShort(e)) {
                    return "%s: %s".formatted(store.getFileName(), e.getMessage());
                }
            }
        }
        return null;
    }

    private static void verify(String store) throws RocksDBException {
        try (Options options = new Options();
                DBOptions all = new DBOptions()) {
            List<ColumnFamilyDescriptor> families = RocksDB.listColumnFamilies(options, store).stream()
                    .map(ColumnFamilyDescriptor::new)
                    .toList();
            if (families.isEmpty()) { // which is how it says that it can't read them
                throw new RocksDBException("the manifest can't be read");
            }
            List<ColumnFamilyHandle> open = new ArrayList<>();
            try (RocksDB database = RocksDB.openReadOnly(all, store, families, open)) {
                try {
                    database.verifyChecksum();
                } finally {
                    open.forEach(ColumnFamilyHandle::close);
                }
            }
        }
    }

    private static List<Path> folders(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(parent)) {
            return all.filter(Files::isDirectory).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't list " + parent, e);
        }
    }
}
