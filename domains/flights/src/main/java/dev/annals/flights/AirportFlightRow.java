package dev.annals.flights;

import dev.annals.api.Doc;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

@Doc("View airport-flights: one flight under the airports of its plan.")
public record AirportFlightRow(
        @Doc("Where it departs and where it is to land, as the plan calls them; one where that is the same.")
        List<String> airports,

        @Doc("Aircraft identification.") String callsign,
        @Doc("Where it departs.") String origin,
        @Doc("Where it is to land.") String destination,

        @Doc("Standard terminal arrival route; absent: none is planned.") @Nullable
        String star,

        @Doc("Departure by the plan (UTC, milliseconds).") @Nullable
        Instant departure,

        @Doc("Type designator.") @Nullable String aircraftType,
        @Doc("Registration mark.") @Nullable String registration,

        @Doc("When the sender of the plan had it (UTC, milliseconds); absent: none came since the flight was created.")
        @Nullable
        Instant planReceivedAt,

        @Doc("Whether the plan can still change.") FlightStatus status) {

    static AirportFlightRow of(Flight flight) {
        Plan plan = Objects.requireNonNull(flight.plan(), "plan of a flight that has events");
        return new AirportFlightRow(
                Stream.of(plan.origin(), plan.destination()).distinct().toList(),
                plan.callsign(),
                plan.origin(),
                plan.destination(),
                plan.star(),
                plan.departure(),
                plan.aircraftType(),
                plan.registration(),
                plan.receivedAt(),
                Objects.requireNonNull(flight.status(), "status of a flight that has events"));
    }

    /** Without a position, which changes nothing here. */
    Flight flight() {
        Plan plan =
                new Plan(callsign, origin, destination, star, departure, aircraftType, registration, planReceivedAt);
        return new Flight(status, plan, null, null);
    }
}
