package dev.annals.flightidentities;

import dev.annals.api.RejectionCode;

/** Why a command on identities can be rejected. The codes are published: they are never renamed. */
enum IdentityRejection implements RejectionCode<IdentityEvent> {
    INVALID_IDENTIFICATION,
    IDENTIFICATION_TOO_LATE,
    TOO_MANY_NAMES,
    FLIGHT_NOT_FOUND,
    FLIGHT_CLOSED,
    INVALID_MERGE
}
