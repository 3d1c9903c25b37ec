package dev.annals.flightidentities;

import dev.annals.api.Decision;
import java.util.Locale;

/** Why a command on identities can be rejected. The codes are published: they are never renamed. */
enum IdentityRejection {
    INVALID_IDENTIFICATION,
    IDENTIFICATION_TOO_LATE,
    TOO_MANY_NAMES,
    FLIGHT_NOT_FOUND,
    FLIGHT_CLOSED,
    INVALID_MERGE;

    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Decision<IdentityEvent> because(String message) {
        return Decision.reject(code(), message);
    }
}
