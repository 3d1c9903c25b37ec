package dev.annals.seats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.Filter;
import dev.annals.seats.ConferenceEvent.CapacityChanged;
import dev.annals.seats.ConferenceEvent.ConferenceClosed;
import dev.annals.seats.ConferenceEvent.ConferenceOpened;
import dev.annals.seats.ConferenceEvent.ReservationCancelled;
import dev.annals.seats.ConferenceEvent.SeatsReserved;
import dev.annals.testkit.ViewKit;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeatsViewTest {

    private static final ConferenceOpened OPENED = new ConferenceOpened("JavaZone", 10);

    private final ViewKit<ConferenceEvent, ConferenceRow> seats = ViewKit.of(new SeatsView());

    @Test
    void a_new_conference_has_all_its_seats_available() {
        seats.given("1", OPENED)
                .thenRow("1", new ConferenceRow("JavaZone", 10, 0, 10, Map.of(), ConferenceStatus.OPEN));
    }

    @Test
    void reservations_stand_until_they_are_cancelled() {
        seats.given("1", OPENED, new SeatsReserved("a", 7), new SeatsReserved("b", 2), new ReservationCancelled("a", 7))
                .given("2", OPENED, new SeatsReserved("a", 1))
                .thenRow("1", new ConferenceRow("JavaZone", 10, 2, 8, Map.of("b", 2), ConferenceStatus.OPEN))
                .thenRow("2", new ConferenceRow("JavaZone", 10, 1, 9, Map.of("a", 1), ConferenceStatus.OPEN));
    }

    @Test
    void another_capacity_changes_what_is_available() {
        seats.given("1", OPENED, new SeatsReserved("a", 7), new CapacityChanged(7))
                .thenRow("1", new ConferenceRow("JavaZone", 7, 7, 0, Map.of("a", 7), ConferenceStatus.OPEN));
    }

    @Test
    void a_closed_conference_keeps_its_row() {
        seats.given("1", OPENED, new SeatsReserved("a", 7), new ConferenceClosed())
                .thenRow("1", new ConferenceRow("JavaZone", 10, 7, 3, Map.of("a", 7), ConferenceStatus.CLOSED));
    }

    @Test
    void rows_are_found_by_their_numbers_and_their_status() {
        assertThat(new SeatsView().filters())
                .containsExactly(
                        Filter.byField("capacity", "capacity"),
                        Filter.byField("reserved", "reserved"),
                        Filter.byField("available", "available"),
                        Filter.byField("status", "status"));
    }
}
