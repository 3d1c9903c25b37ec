package dev.annals.flights;

import dev.annals.api.RejectionCode;

/** Why a command on a flight can be rejected. The codes are published: they are never renamed. */
enum FlightRejection implements RejectionCode<FlightEvent> {
    FLIGHT_ALREADY_EXISTS,
    FLIGHT_NOT_FOUND,
    FLIGHT_CLOSED,
    INVALID_CALLSIGN,
    UNKNOWN_AIRPORT,
    STAR_NOT_VALID_FOR_DESTINATION,
    INVALID_POSITION,
    INVALID_MERGE
}
