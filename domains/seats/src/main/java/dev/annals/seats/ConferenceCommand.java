package dev.annals.seats;

import dev.annals.api.Doc;

/** What can be asked of a conference. Avro schemas are recorded from it, see {@link Doc}. */
public sealed interface ConferenceCommand {

    @Doc("Command: open a new conference for reservations.")
    record OpenConference(
            @Doc("What the conference is called.") String name,
            @Doc("How many seats there are; at least 0.") int capacity)
            implements ConferenceCommand {}

    @Doc("Command: reserve seats of an open conference; all of them or none.")
    record ReserveSeats(
            @Doc("Names the reservation within the conference. That of a cancelled one may be used again.")
            String reservationId,

            @Doc("How many; at least 1.") int seats)
            implements ConferenceCommand {}

    @Doc("Command: give back all seats of a reservation.")
    record CancelReservation(
            @Doc("As it was given with the reservation.") String reservationId) implements ConferenceCommand {}

    @Doc("Command: have more seats or fewer, but not fewer than are reserved.")
    record ChangeCapacity(
            @Doc("How many seats there are from now on; at least 0.")
            int capacity) implements ConferenceCommand {}

    /** Reservations stand as they are, for ever. */
    @Doc("Command: take no more reservations, cancellations or changes of the capacity.")
    record CloseConference() implements ConferenceCommand {}
}
