package dev.annals.seats;

import dev.annals.seats.ConferenceEvent.ConferenceOpened;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A conference as its events made it. It grows with the reservations that stand, not with those that were cancelled.
 *
 * @param status null as long as the conference does not exist
 * @param capacity how many seats there are
 * @param reservations seats of each reservation that stands, by its id; never more in all than the capacity
 */
public record Conference(
        @Nullable ConferenceStatus status, @Nullable String name, int capacity, Map<String, Integer> reservations) {

    static final Conference NONE = new Conference(null, null, 0, Map.of());

    public Conference {
        reservations = sorted(reservations);
    }

    /** So that the same reservations are always written as the same bytes. */
    static Map<String, Integer> sorted(Map<String, Integer> reservations) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(reservations));
    }

    static Conference opened(ConferenceOpened event) {
        return new Conference(ConferenceStatus.OPEN, event.name(), event.capacity(), Map.of());
    }

    Conference withReservation(String reservationId, int seats) {
        Map<String, Integer> more = new TreeMap<>(reservations);
        more.put(reservationId, seats);
        return new Conference(status, name, capacity, more);
    }

    Conference withoutReservation(String reservationId) {
        Map<String, Integer> fewer = new TreeMap<>(reservations);
        fewer.remove(reservationId);
        return new Conference(status, name, capacity, fewer);
    }

    Conference withCapacity(int changed) {
        return new Conference(status, name, changed, reservations);
    }

    Conference closed() {
        return new Conference(ConferenceStatus.CLOSED, name, capacity, reservations);
    }

    int reserved() {
        return reservations.values().stream().mapToInt(Integer::intValue).sum();
    }

    int available() {
        return capacity - reserved();
    }
}
