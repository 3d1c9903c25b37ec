package dev.annals.query.events;

import dev.annals.engine.deciding.SnapshotCodec.Snapshot;
import dev.annals.query.table.StoredRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A state as of a version or a time: up to where a stream is folded.
 *
 * @param version the last event that counts, or null
 * @param at the events before the first that is later count, or null
 */
record AsOf(@Nullable Long version, @Nullable Instant at) {

    static final AsOf END = new AsOf(null, null);

    static AsOf version(long version) {
        return new AsOf(version, null);
    }

    /** Whether an event of this version, whenever it was, could count. */
    boolean reaches(long other) {
        return version == null || other <= version;
    }

    /** @param event of this version; where that was erased, the one after it, since nothing else says when it was */
    boolean includes(long version, StoredRecord event) {
        if (this.version != null && version > this.version) {
            return false;
        }
        if (at == null) {
            return true;
        }
        Instant time = StreamTable.time(event);
        return time == null || !time.isAfter(at);
    }

    /**
     * The last of the versions of erased events that counts.
     *
     * @param before the version before the first of them, which is the answer where none counts
     * @param after the event after them
     */
    long lastOf(long before, long last, StoredRecord after) {
        if (!includes(before + 1, after)) {
            return before;
        }
        return version == null ? last : Math.min(last, version);
    }

    /** Whether all events of a snapshot count. */
    boolean includes(Snapshot<?> snapshot) {
        return (version == null || snapshot.version() <= version)
                && (at == null || !snapshot.latest().isAfter(at));
    }
}
