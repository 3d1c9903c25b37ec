package dev.annals.flights;

import dev.annals.flights.FlightCommand.FilePlan;
import dev.annals.flights.FlightCommand.RecordTrack;
import dev.annals.flights.FlightEvent.FlightCreated;
import dev.annals.flights.FlightEvent.PlanFiled;
import dev.annals.flights.FlightEvent.TrackRecorded;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Plans and tracks of one flight. */
final class Plans {

    static final Instant NOON = Instant.parse("2020-08-22T12:00:00Z");

    /** From Los Angeles to San Francisco, on an arrival route. */
    static final FlightCreated CREATED = new FlightCreated("SWA123", "KLAX", "KSFO", "SERFR4", NOON, "B737", "N201FQ");

    private Plans() {}

    static FilePlan plan(String destination, @Nullable String star, Instant receivedAt) {
        return new FilePlan("SWA123", "KLAX", destination, star, NOON, "B737", null, receivedAt);
    }

    static PlanFiled filed(String destination, @Nullable String star, Instant receivedAt) {
        return new PlanFiled("SWA123", "KLAX", destination, star, NOON, "B737", null, receivedAt);
    }

    static RecordTrack track(Instant time, double latitude) {
        return new RecordTrack(time, latitude, -122.36184, 27_600.0, 456.5);
    }

    static TrackRecorded tracked(Instant time, double latitude) {
        return new TrackRecorded(time, latitude, -122.36184, 27_600.0, 456.5);
    }

    static Position position(Instant time, double latitude) {
        return new Position(time, latitude, -122.36184, 27_600.0, 456.5);
    }
}
