package dev.annals.checker.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.checker.history.History;
import dev.annals.checker.history.LoggedEvent;
import dev.annals.engine.kafka.EventKey;
import dev.annals.seats.ConferenceEvent;
import dev.annals.seats.ConferenceEvent.CapacityChanged;
import dev.annals.seats.ConferenceEvent.ConferenceClosed;
import dev.annals.seats.ConferenceEvent.ConferenceOpened;
import dev.annals.seats.ConferenceEvent.ReservationCancelled;
import dev.annals.seats.ConferenceEvent.SeatsReserved;
import dev.annals.seats.SeatsDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Streams of a conference that no right decider makes: a service that agrees with a wrong one is found all the same.
 */
class SeatsCheckTest {

    private static final ConferenceOpened TEN = new ConferenceOpened("JavaZone", 10);
    private static final SeatsReserved ADA = new SeatsReserved("ada", 7);
    private static final ReservationCancelled ADA_CANCELLED = new ReservationCancelled("ada", 7);

    @Test
    void a_conference_may_be_full_and_a_cancelled_reservation_be_made_again() {
        assertThat(broken(
                        TEN,
                        ADA,
                        new SeatsReserved("bob", 3),
                        ADA_CANCELLED,
                        new CapacityChanged(3),
                        new CapacityChanged(10),
                        ADA,
                        new ConferenceClosed()))
                .isEmpty();
    }

    @Test
    void a_seat_that_is_reserved_twice_is_found() {
        assertThat(broken(TEN, ADA, new SeatsReserved("bob", 4))).containsExactly(Rule.OVERSOLD);
    }

    @Test
    void it_is_found_also_where_it_is_given_back_later() {
        assertThat(broken(TEN, ADA, new SeatsReserved("bob", 4), ADA_CANCELLED)).containsExactly(Rule.OVERSOLD);
    }

    @Test
    void fewer_seats_than_are_reserved_are_found() {
        assertThat(broken(TEN, ADA, new CapacityChanged(6))).containsExactly(Rule.OVERSOLD);
    }

    @Test
    void a_reservation_that_is_made_while_it_stands_is_found() {
        assertThat(broken(TEN, ADA, new SeatsReserved("ada", 1))).containsExactly(Rule.RESERVATION);
    }

    @Test
    void a_reservation_that_is_cancelled_twice_is_found() {
        assertThat(broken(TEN, ADA, ADA_CANCELLED, ADA_CANCELLED)).containsExactly(Rule.RESERVATION);
    }

    @Test
    void a_part_that_is_given_back_is_found() {
        assertThat(broken(TEN, ADA, new ReservationCancelled("ada", 1))).containsExactly(Rule.RESERVATION);
    }

    /** Nobody has sent a command here; what is found of that is left out. */
    private static List<Rule> broken(ConferenceEvent... stream) {
        List<LoggedEvent> events = new ArrayList<>();
        for (ConferenceEvent event : stream) {
            long version = events.size() + 1L;
            Map<String, String> headers = Map.of(
                    "ce_id",
                    "seats/javazone/" + version,
                    "ce_subject",
                    "javazone",
                    "ce_sequence",
                    EventKey.digits(version));
            events.add(new LoggedEvent(
                    "seats", new EventKey("javazone", version).toString(), headers, event, 0, events.size()));
        }
        return HistoryCheck.of(
                        new History(List.of(), events, List.of(), List.of(), List.of()),
                        List.of(new SeatsDomain().aggregate()),
                        1)
                .stream()
                .map(Finding::rule)
                .filter(rule -> rule != Rule.EVENT_WITHOUT_COMMAND)
                .distinct()
                .toList();
    }
}
