package dev.annals.flightidentities;

import dev.annals.flightidentities.IdentityCommand.Identify;
import dev.annals.flightidentities.IdentityEvent.FlightIdentified;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a message tells of the flight that it is about. */
record Sighting(
        String channel,
        @Nullable String externalId,
        @Nullable String origin,
        @Nullable String destination,
        @Nullable Instant departure,
        Instant time,
        @Nullable String codeshare) {

    static Sighting of(Identify command) {
        return new Sighting(
                command.channel(),
                command.externalId(),
                command.origin(),
                command.destination(),
                command.departure(),
                command.time(),
                command.codeshare());
    }

    static Sighting of(FlightIdentified event) {
        return new Sighting(
                event.channel(),
                event.externalId(),
                event.origin(),
                event.destination(),
                event.departure(),
                event.time(),
                event.codeshare());
    }

    /** The one time by which the flight is known: its departure where that is told. */
    Instant at() {
        return Span.at(Objects.requireNonNullElse(departure, time)).from();
    }

    Span span() {
        return Span.told(departure, time);
    }
}
