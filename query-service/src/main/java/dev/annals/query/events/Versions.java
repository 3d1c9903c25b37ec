package dev.annals.query.events;

import dev.annals.engine.kafka.EventKey;
import dev.annals.query.events.Versions.Version;
import dev.annals.query.table.StoredRecord;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a stream up to the last that has an event: where one is not there, it was erased, except that those
 * before a summary have expired and are passed over, and so are more than {@link EventKey#MAX_GAP} in a row. Those
 * erased behind the last event can't be told from versions that there never were. For one thread.
 */
public final class Versions implements Iterator<Version> {

    private final Iterator<StoredRecord> stream;
    private final Predicate<StoredRecord> isSummary;
    private long next;
    private @Nullable StoredRecord ahead;

    /** @param event null where it was erased */
    public record Version(long number, @Nullable StoredRecord event) {}

    /**
     * @param first the version with which it begins
     * @param isSummary asked where versions are missing before an event
     */
    Versions(Iterator<StoredRecord> stream, long first, Predicate<StoredRecord> isSummary) {
        this.stream = stream;
        this.isSummary = isSummary;
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
        long version = EventKey.parse(event.key()).version();
        boolean isGap = ahead == null && version > next;
        if (isGap && (version - next > EventKey.MAX_GAP || isSummary.test(event))) {
            next = version;
        }
        long number = next++;
        boolean erased = version > number;
        ahead = erased ? event : null;
        return new Version(number, erased ? null : event);
    }
}
