package dev.annals.lanes;

import org.rocksdb.RocksDBException;

/** A store on disk fails or is damaged; Kafka has all that is in it. */
final class LaneStoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    LaneStoreException(String message, RocksDBException cause) {
        super("%s: %s".formatted(message, cause.getMessage()), cause);
    }
}
