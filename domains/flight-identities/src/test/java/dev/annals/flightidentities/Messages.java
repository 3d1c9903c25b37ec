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
        return new Identify("plans", null, origin, destination, departure, departure, null, TEXT);
    }

    /** Channel B: a name that nobody else knows, and what it is told of the flight. */
    static Identify named(String externalId, @Nullable Instant departure, Instant time) {
        return new Identify("tfm", externalId, "KSFO", "WSSS", departure, time, null, TEXT);
    }

    /** Surveillance: a transponder, and nothing of where the flight goes. */
    static Identify seen(String transponder, Instant time) {
        return new Identify("icao24", transponder, null, null, null, time, null, TEXT);
    }

    static FlightIdentified identified(String flight, boolean opened, Identify command) {
        return new FlightIdentified(
                flight,
                opened,
                null,
                command.channel(),
                command.externalId(),
                command.origin(),
                command.destination(),
                command.departure(),
                command.time(),
                command.codeshare(),
                command.message());
    }
}
