package dev.annals.query.events;

import dev.annals.engine.kafka.EventKey;
import dev.annals.query.events.Versions.Version;
import dev.annals.query.table.StoredRecord;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The same {@link Versions} of a stream from one of them down to the first. For one thread. */
final class NewestFirst implements Iterator<Version> {

    private final Iterator<StoredRecord> stream;
    private final Predicate<StoredRecord> isSummary;
    private @Nullable StoredRecord above;
    private @Nullable StoredRecord below;
    private long next;

    /**
     * @param stream the last record first
     * @param above the record behind these; null if there is none
     * @param from the version with which it begins
     * @param isSummary asked where versions are missing before an event
     */
    NewestFirst(
            Iterator<StoredRecord> stream, @Nullable StoredRecord above, long from, Predicate<StoredRecord> isSummary) {
        this.stream = stream;
        this.above = above;
        this.next = from;
        this.isSummary = isSummary;
        passOver();
    }

    /** Goes down to the next version that there is, erased or not. */
    private void passOver() {
        if (below == null && stream.hasNext()) {
            below = stream.next();
        }
        long reached = below == null ? 0 : EventKey.parse(below.key()).version();
        if (next > reached && (above == null || next - reached > EventKey.MAX_GAP || isSummary.test(above))) {
            next = reached;
        }
    }

    @Override
    public boolean hasNext() {
        return next > 0;
    }

    @Override
    public Version next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        long number = next--;
        StoredRecord event = below;
        if (event == null || EventKey.parse(event.key()).version() < number) {
            return new Version(number, null);
        }
        above = event;
        below = null;
        passOver();
        return new Version(number, event);
    }
}
