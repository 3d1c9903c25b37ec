package dev.annals.seats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.seats.ConferenceCommand.CancelReservation;
import dev.annals.seats.ConferenceCommand.ChangeCapacity;
import dev.annals.seats.ConferenceCommand.CloseConference;
import dev.annals.seats.ConferenceCommand.OpenConference;
import dev.annals.seats.ConferenceCommand.ReserveSeats;
import dev.annals.seats.ConferenceEvent.CapacityChanged;
import dev.annals.seats.ConferenceEvent.ConferenceClosed;
import dev.annals.seats.ConferenceEvent.ConferenceOpened;
import dev.annals.seats.ConferenceEvent.ReservationCancelled;
import dev.annals.seats.ConferenceEvent.SeatsReserved;
import dev.annals.testkit.DeciderKit;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ConferenceDeciderTest {

    private static final ConferenceOpened OPENED = new ConferenceOpened("JavaZone", 10);
    private static final SeatsReserved SEVEN = new SeatsReserved("a", 7);
    private static final ConferenceClosed CLOSED = new ConferenceClosed();

    /** One valid command of every type except the opening one. */
    private static final List<ConferenceCommand> ON_A_CONFERENCE = List.of(
            new ReserveSeats("b", 1), new CancelReservation("a"), new ChangeCapacity(11), new CloseConference());

    @ParameterizedTest
    @FieldSource("ON_A_CONFERENCE")
    void a_conference_that_was_not_opened_is_not_found(ConferenceCommand command) {
        given().when(command).thenRejected("conference-not-found");
    }

    @ParameterizedTest
    @FieldSource("ON_A_CONFERENCE")
    void nothing_happens_to_a_closed_conference(ConferenceCommand command) {
        given(OPENED, SEVEN).when(command).thenAccepted();
        given(OPENED, SEVEN, CLOSED).when(command).thenRejected("conference-closed");
    }

    @Test
    void the_conferences_status_is_reported_before_a_wrong_number() {
        given().when(new ReserveSeats("b", 0)).thenRejected("conference-not-found");
        given(OPENED, CLOSED).when(new ChangeCapacity(-1)).thenRejected("conference-closed");
        given(OPENED).when(new OpenConference("JavaZone", -1)).thenRejected("conference-already-exists");
    }

    @Test
    void every_command_type_is_covered_above() {
        assertThat(ON_A_CONFERENCE).hasSize(ConferenceCommand.class.getPermittedSubclasses().length - 1);
    }

    @Nested
    class Opening {

        @Test
        void a_new_conference_has_all_its_seats_available() {
            given().when(new OpenConference("JavaZone", 10)).then(OPENED);
            assertThat(given(OPENED).state().available()).isEqualTo(10);
        }

        @Test
        void an_id_is_used_once_even_after_the_conference_was_closed() {
            given(OPENED).when(new OpenConference("Other", 1)).thenRejected("conference-already-exists");
            given(OPENED, CLOSED).when(new OpenConference("Other", 1)).thenRejected("conference-already-exists");
        }

        @Test
        void there_may_be_no_seats_but_not_fewer() {
            given().when(new OpenConference("JavaZone", 0)).thenAccepted();
            given().when(new OpenConference("JavaZone", -1)).thenRejected("invalid-seats", "-1");
        }
    }

    @Nested
    class Reserving {

        @Test
        void seats_are_reserved_down_to_the_last_one() {
            given(OPENED, SEVEN)
                    .when(new ReserveSeats("b", 3))
                    .then(new SeatsReserved("b", 3))
                    .when(new ReserveSeats("c", 1))
                    .thenRejected("not-enough-seats", "0 of 10");
        }

        @Test
        void all_seats_of_a_reservation_are_there_or_none_is_reserved() {
            given(OPENED, SEVEN)
                    .when(new ReserveSeats("b", 4))
                    .thenRejected("not-enough-seats", "3 of 10 seats are available, but 4 were asked for");
            given(OPENED, SEVEN).when(new ReserveSeats("b", Integer.MAX_VALUE)).thenRejected("not-enough-seats");
        }

        @Test
        void at_least_one_seat_is_reserved() {
            given(OPENED).when(new ReserveSeats("b", 0)).thenRejected("invalid-seats");
            given(OPENED).when(new ReserveSeats("b", -1)).thenRejected("invalid-seats", "-1");
            given(OPENED).when(new ReserveSeats("b", Integer.MIN_VALUE)).thenRejected("invalid-seats");
        }

        @Test
        void the_id_of_a_reservation_that_stands_is_taken() {
            given(OPENED, SEVEN).when(new ReserveSeats("a", 7)).thenRejected("reservation-already-exists");
            given(OPENED, SEVEN).when(new ReserveSeats("a", 4)).thenRejected("reservation-already-exists");
        }

        @Test
        void the_id_of_a_cancelled_reservation_is_free() {
            given(OPENED, SEVEN, new ReservationCancelled("a", 7))
                    .when(new ReserveSeats("a", 10))
                    .then(new SeatsReserved("a", 10));
        }
    }

    @Nested
    class Cancelling {

        @Test
        void all_seats_of_the_reservation_are_available_again() {
            given(OPENED, SEVEN, new SeatsReserved("b", 3))
                    .when(new CancelReservation("a"))
                    .then(new ReservationCancelled("a", 7))
                    .when(new ReserveSeats("c", 8))
                    .thenRejected("not-enough-seats")
                    .when(new ReserveSeats("c", 7))
                    .thenAccepted();
        }

        @Test
        void a_reservation_that_never_was_or_was_cancelled_is_not_found() {
            given(OPENED, SEVEN).when(new CancelReservation("b")).thenRejected("reservation-not-found", "b");
            given(OPENED, SEVEN, new ReservationCancelled("a", 7))
                    .when(new CancelReservation("a"))
                    .thenRejected("reservation-not-found");
        }
    }

    @Nested
    class ChangingTheCapacity {

        @Test
        void more_seats_can_be_reserved_at_once() {
            given(OPENED, SEVEN)
                    .when(new ChangeCapacity(12))
                    .then(new CapacityChanged(12))
                    .when(new ReserveSeats("b", 5))
                    .thenAccepted();
        }

        @Test
        void it_goes_down_to_what_is_reserved() {
            given(OPENED, SEVEN)
                    .when(new ChangeCapacity(6))
                    .thenRejected("capacity-below-reserved", "7 seats are reserved, but the capacity would be 6")
                    .when(new ChangeCapacity(7))
                    .then(new CapacityChanged(7))
                    .when(new ReserveSeats("b", 1))
                    .thenRejected("not-enough-seats");
        }

        @Test
        void there_may_be_no_seats_but_not_fewer() {
            given(OPENED).when(new ChangeCapacity(0)).then(new CapacityChanged(0));
            given(OPENED, SEVEN).when(new ChangeCapacity(-1)).thenRejected("invalid-seats", "-1");
        }
    }

    @Test
    void a_conference_is_closed_with_its_reservations() {
        assertThat(given(OPENED, SEVEN).when(new CloseConference()).then(CLOSED).state())
                .returns(ConferenceStatus.CLOSED, Conference::status)
                .returns(7, Conference::reserved);
    }

    private static DeciderKit<ConferenceCommand, Conference, ConferenceEvent> given(ConferenceEvent... events) {
        return DeciderKit.given(new ConferenceDecider(), events);
    }
}
