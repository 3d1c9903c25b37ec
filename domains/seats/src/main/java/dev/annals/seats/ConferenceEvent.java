package dev.annals.seats;

import dev.annals.api.Doc;

/** What can happen to a conference. Avro schemas are recorded from it, see {@link Doc}. */
public sealed interface ConferenceEvent {

    @Doc("Event: a conference was opened, with all its seats available.")
    record ConferenceOpened(
            @Doc("What the conference is called.") String name,
            @Doc("How many seats there are.") int capacity) implements ConferenceEvent {}

    @Doc("Event: seats were reserved.")
    record SeatsReserved(
            @Doc("Names the reservation within the conference.")
            String reservationId,

            @Doc("How many are no longer available.") int seats)
            implements ConferenceEvent {}

    @Doc("Event: a reservation was cancelled.")
    record ReservationCancelled(
            @Doc("Names the reservation within the conference.")
            String reservationId,

            @Doc("How many are available again: all of the reservation.")
            int seats)
            implements ConferenceEvent {}

    @Doc("Event: a conference got more seats or fewer.")
    record CapacityChanged(
            @Doc("How many seats there are from now on.") int capacity) implements ConferenceEvent {}

    @Doc("Event: a conference was closed; nothing about it changes any more.")
    record ConferenceClosed() implements ConferenceEvent {}
}
