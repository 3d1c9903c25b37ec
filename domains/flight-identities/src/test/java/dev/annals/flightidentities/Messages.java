package dev.annals.flightidentities;

import dev.annals.flightidentities.IdentityCommand.Identify;
import dev.annals.flightidentities.IdentityEvent.FlightIdentified;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Messages about the flights of one callsign. */
final class Messages {

    static final Instant NOON = Instant.parse("2020-04-01T12:00:00Z");
    static final Message TEXT = new Message("<flight/>", "application/xml");

    private Messages() {}

    static Instant hours(double hours) {
        return NOON.plusSeconds(Math.round(hours * 3600));
    }

    /** Channel A: airports and departure, and no name of its own. */
    static Identify plan(String origin, String destination, Instant departure) {
        return new Identify("plans", null, origin, destination, departure, departure, null, TEXT, null, null);
    }

    /** Channel B: a name that nobody else knows, and what it is told of the flight. */
    static Identify named(String externalId, @Nullable Instant departure, Instant time) {
        return new Identify("tfm", externalId, "KSFO", "WSSS", departure, time, null, TEXT, null, null);
    }

    /** Surveillance: a transponder, and nothing of where the flight goes. */
    static Identify seen(String transponder, Instant time) {
        return new Identify("icao24", transponder, null, null, null, time, null, TEXT, null, null);
    }

    /** A plan of a flight at noon, as it was told at this time, under a name: so it can change its airports. */
    static Identify planned(String origin, String destination, Instant time) {
        PlanReport plan = new PlanReport(null, null, null);
        return new Identify("plans", "P-1", origin, destination, NOON, time, null, TEXT, plan, null);
    }

    /** Surveillance that hears the callsign. */
    static Identify tracked(double latitude, Instant time) {
        TrackReport track = new TrackReport(latitude, -122, null, null);
        return new Identify("radar", null, null, null, NOON, time, null, TEXT, null, track);
    }

    static FlightIdentified identified(String flight, boolean opened, Identify command) {
        return identified(flight, opened, null, command);
    }

    static FlightIdentified identified(String flight, boolean opened, @Nullable String mergedInto, Identify command) {
        return new FlightIdentified(
                flight,
                opened,
                mergedInto,
                command.channel(),
                command.externalId(),
                command.origin(),
                command.destination(),
                command.departure(),
                command.time(),
                command.codeshare(),
                command.message(),
                command.plan(),
                command.track());
    }
}
