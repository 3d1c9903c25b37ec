package dev.annals.flights;

import dev.annals.api.Doc;
import dev.annals.flights.FlightEvent.TrackRecorded;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

@Doc("Where an aircraft was, and when.")
public record Position(
        @Doc("When (UTC, milliseconds).") Instant time,
        @Doc("Degrees, north positive.") double latitude,
        @Doc("Degrees, east positive.") double longitude,
        @Doc("Feet.") @Nullable Double altitude,
        @Doc("Knots.") @Nullable Double groundSpeed) {

    /** As of {@link Plan}. */
    public Position {
        time = time.truncatedTo(ChronoUnit.MILLIS);
    }

    static Position of(TrackRecorded event) {
        return new Position(event.time(), event.latitude(), event.longitude(), event.altitude(), event.groundSpeed());
    }

    /** The other one only if it is newer: radars report late and out of order. */
    static Position later(@Nullable Position known, Position other) {
        return known == null || other.time.isAfter(known.time) ? other : known;
    }
}
