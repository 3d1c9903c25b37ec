package dev.annals.query.api;

import dev.annals.core.kafka.EventKey;
import dev.annals.query.api.Versions.Version;
import dev.annals.query.table.StoredRecord;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a stream without gaps, up to the last that has an event: where one is not there, it was erased. Those erased behind the
 * last event can't be told from versions that there never were. For one thread.
 */
final class Versions implements Iterator<Version> {

    private final Iterator<StoredRecord> stream;
    private long next;
    private @Nullable StoredRecord ahead;

    /** @param event null where it was erased */
    record Version(long number, @Nullable StoredRecord event) {}

    /** @param first the version with which the stream begins */
    Versions(Iterator<StoredRecord> stream, long first) {
        this.stream = stream;
        this.next = first;
    }

    @Override
    public boolean hasNext() {
        return ahead != null || stream.hasNext();
    }

    @Override
    public Version next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        StoredRecord event = ahead == null ? stream.next() : ahead;
        long number = next++;
        boolean erased = EventKey.parse(event.key()).version() > number;
        ahead = erased ? event : null;
        return new Version(number, erased ? null : event);
    }
}
