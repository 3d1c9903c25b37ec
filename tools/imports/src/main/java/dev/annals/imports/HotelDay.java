package dev.annals.imports;

import dev.annals.imports.HotelBookings.Step;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * What must come of the bookings of one conference: the import's own books, kept without the domain whose rules they
 * check. Used by one thread.
 */
final class HotelDay {

    private final int capacity;
    private final Set<String> reservations = new HashSet<>();
    private long version;

    HotelDay(int capacity) {
        this.capacity = capacity;
    }

    /** Books the step, unless there is no room for it, or nothing to cancel. */
    void take(Step step) {
        String reservation = Integer.toString(step.row());
        boolean accepted = switch (step.kind()) {
            case OPEN -> true;
            case RESERVE -> reservations.size() < capacity && reservations.add(reservation);
            case CANCEL -> reservations.remove(reservation);
        };
        version += accepted ? 1 : 0;
    }

    int capacity() {
        return capacity;
    }

    /** Of the conference, after everything that was taken. */
    long version() {
        return version;
    }

    /** Those that stand. */
    Set<String> reservations() {
        return Collections.unmodifiableSet(reservations);
    }
}
