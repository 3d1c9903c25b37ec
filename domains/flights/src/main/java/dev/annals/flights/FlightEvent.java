package dev.annals.flights;

import dev.annals.api.Doc;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What can happen to a flight. Avro schemas are recorded from it, see {@link Doc}. */
public sealed interface FlightEvent {

    @Doc("Event: a flight became known, with its first plan.")
    record FlightCreated(
            @Doc("Aircraft identification.") String callsign,
            @Doc("Where it departs.") String origin,
            @Doc("Where it is to land.") String destination,

            @Doc("Standard terminal arrival route; absent: none is planned.") @Nullable
            String star,

            @Doc("Departure by the plan (UTC).") @Nullable Instant departure,
            @Doc("Type designator.") @Nullable String aircraftType,
            @Doc("Registration mark.") @Nullable String registration)
            implements FlightEvent {}

    @Doc("Event: parts of the current plan changed.")
    record FlightAmended(
            @Doc("Where it is to land now; absent: as before.") @Nullable
            String destination,

            @Doc("Arrival route now; absent: as before.") @Nullable
            String star,

            @Doc("Where it departs now; absent: as before.") @Nullable
            String origin)
            implements FlightEvent {}

    @Doc("Event: a plan came. It is the current one unless one with a later receivedAt is.")
    record PlanFiled(
            @Doc("Aircraft identification.") String callsign,
            @Doc("Where it departs.") String origin,
            @Doc("Where it is to land.") String destination,

            @Doc("Standard terminal arrival route; absent: none is planned.") @Nullable
            String star,

            @Doc("Departure by the plan (UTC).") @Nullable Instant departure,
            @Doc("Type designator.") @Nullable String aircraftType,
            @Doc("Registration mark.") @Nullable String registration,
            @Doc("When its sender had it (UTC).") Instant receivedAt)
            implements FlightEvent {}

    @Doc("Event: a position came. It is the current one unless one with a later time is.")
    record TrackRecorded(
            @Doc("When the aircraft was there (UTC).") Instant time,
            @Doc("Degrees, north positive.") double latitude,
            @Doc("Degrees, east positive.") double longitude,
            @Doc("Feet.") @Nullable Double altitude,
            @Doc("Knots.") @Nullable Double groundSpeed)
            implements FlightEvent {}

    @Doc("Event: the flight does not take place.")
    record FlightCancelled() implements FlightEvent {}

    @Doc("Event: the flight is the same as another one, which stands for both from now on.")
    record FlightsMerged(
            @Doc("Id (GUFI) of the flight that stays.") String into) implements FlightEvent {}
}
