package dev.annals.flights;

import dev.annals.api.Doc;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

@Doc("View flights: one flight as it stands, with its last plan and its last position.")
public record FlightRow(
        @Doc("Aircraft identification.") String callsign,
        @Doc("Where it departs.") String origin,
        @Doc("Where it is to land.") String destination,

        @Doc("Standard terminal arrival route; absent: none is planned.") @Nullable
        String star,

        @Doc("Departure by the plan (UTC, milliseconds).") @Nullable
        Instant departure,

        @Doc("Type designator.") @Nullable String aircraftType,
        @Doc("Registration mark.") @Nullable String registration,

        @Doc(
                "When the sender of the last plan had it (UTC, milliseconds); absent: none came since the flight was created.")
        @Nullable
        Instant planReceivedAt,

        @Doc("The last position by its own time; absent: none came.") @Nullable
        Position position,

        @Doc("Whether the plan can still change.") FlightStatus status,

        @Doc("Id (GUFI) of the flight that stands for this one; absent unless it was merged.") @Nullable
        String mergedInto) {

    static FlightRow of(Flight flight) {
        Plan plan = Objects.requireNonNull(flight.plan(), "plan of a flight that has events");
        return new FlightRow(
                plan.callsign(),
                plan.origin(),
                plan.destination(),
                plan.star(),
                plan.departure(),
                plan.aircraftType(),
                plan.registration(),
                plan.receivedAt(),
                flight.position(),
                Objects.requireNonNull(flight.status(), "status of a flight that has events"),
                flight.mergedInto());
    }

    Flight flight() {
        Plan plan =
                new Plan(callsign, origin, destination, star, departure, aircraftType, registration, planReceivedAt);
        return new Flight(status, plan, position, mergedInto);
    }
}
