package dev.annals.flights;

import dev.annals.api.Doc;
import dev.annals.flights.FlightEvent.FlightAmended;
import dev.annals.flights.FlightEvent.FlightCreated;
import dev.annals.flights.FlightEvent.PlanFiled;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

@Doc("What is planned of a flight.")
public record Plan(
        @Doc("Aircraft identification.") String callsign,
        @Doc("Where it departs.") String origin,
        @Doc("Where it is to land.") String destination,

        @Doc("Standard terminal arrival route; absent: none is planned.") @Nullable
        String star,

        @Doc("Departure by the plan (UTC, milliseconds).") @Nullable
        Instant departure,

        @Doc("Type designator.") @Nullable String aircraftType,
        @Doc("Registration mark.") @Nullable String registration,

        @Doc("When its sender had it (UTC, milliseconds); absent: as the flight was created.") @Nullable
        Instant receivedAt) {

    /** Rows have no finer times; the state must not know more than they, or the two would take different plans. */
    public Plan {
        departure = millis(departure);
        receivedAt = millis(receivedAt);
    }

    static Plan of(FlightCreated event) {
        return new Plan(
                event.callsign(),
                event.origin(),
                event.destination(),
                event.star(),
                event.departure(),
                event.aircraftType(),
                event.registration(),
                null);
    }

    static Plan of(PlanFiled event) {
        return new Plan(
                event.callsign(),
                event.origin(),
                event.destination(),
                event.star(),
                event.departure(),
                event.aircraftType(),
                event.registration(),
                event.receivedAt());
    }

    Plan amended(FlightAmended event) {
        return new Plan(
                callsign,
                Objects.requireNonNullElse(event.origin(), origin),
                Objects.requireNonNullElse(event.destination(), destination),
                event.star() == null ? star : event.star(),
                departure,
                aircraftType,
                registration,
                receivedAt);
    }

    /** This one or the other, whichever was received later: of the same time, the one that came first. */
    Plan later(Plan other) {
        Instant others = Objects.requireNonNull(other.receivedAt, "of a plan that was filed");
        return receivedAt == null || others.isAfter(receivedAt) ? other : this;
    }

    static @Nullable Instant millis(@Nullable Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.MILLIS);
    }
}
