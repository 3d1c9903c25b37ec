package dev.annals.lanes;

import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** A store on disk fails or is damaged; Kafka has all that is in it. */
final class LaneStoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** As the C library says it: RocksDB does not always tell it apart. */
    private static final String NO_SPACE = "No space left on device";

    private final boolean outOfSpace;

    LaneStoreException(String message, RocksDBException cause) {
        super("%s: %s".formatted(message, cause.getMessage()), cause);
        Status status = cause.getStatus();
        this.outOfSpace = (status != null && status.getSubCode() == Status.SubCode.NoSpace)
                || String.valueOf(cause.getMessage()).contains(NO_SPACE);
    }

    /** Whether there is only no room for more: then what is there is as good as before. */
    boolean isOutOfSpace() {
        return outOfSpace;
    }
}
