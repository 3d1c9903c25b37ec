package dev.annals.engine.kafka;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Whether a store failed only for want of room: then what is in it is as good as before. */
public final class DiskSpace {

    /** As the C library says it, in messages of files and of RocksDB, which does not always tell it apart. */
    private static final String NO_SPACE = "No space left on device";

    private DiskSpace() {}

    /** Whether this failure, or one that led to it, says that a disk is full. */
    public static boolean isShort(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Status status = cause instanceof RocksDBException rocks ? rocks.getStatus() : null;
            if ((status != null && status.getSubCode() == Status.SubCode.NoSpace)
                    || String.valueOf(cause.getMessage()).contains(NO_SPACE)) {
                return true;
            }
        }
        return false;
    }
}
