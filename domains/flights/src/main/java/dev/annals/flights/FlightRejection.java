package dev.annals.flights;

import dev.annals.api.Decision;
import java.util.Locale;

/** Why a command on a flight can be rejected. The codes are published: they are never renamed. */
enum FlightRejection {
    FLIGHT_ALREADY_EXISTS,
    FLIGHT_NOT_FOUND,
    FLIGHT_CLOSED,
    INVALID_CALLSIGN,
    UNKNOWN_AIRPORT,
    STAR_NOT_VALID_FOR_DESTINATION,
    INVALID_POSITION,
    INVALID_MERGE;

    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Decision<FlightEvent> because(String message) {
        return Decision.reject(code(), message);
    }
}
