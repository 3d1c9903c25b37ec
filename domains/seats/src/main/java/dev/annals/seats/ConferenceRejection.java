package dev.annals.seats;

import dev.annals.api.RejectionCode;

/** Why a command on a conference can be rejected. The codes are published: they are never renamed. */
enum ConferenceRejection implements RejectionCode<ConferenceEvent> {
    CONFERENCE_ALREADY_EXISTS,
    CONFERENCE_NOT_FOUND,
    CONFERENCE_CLOSED,
    INVALID_SEATS,
    RESERVATION_ALREADY_EXISTS,
    NOT_ENOUGH_SEATS,
    RESERVATION_NOT_FOUND,
    CAPACITY_BELOW_RESERVED
}
