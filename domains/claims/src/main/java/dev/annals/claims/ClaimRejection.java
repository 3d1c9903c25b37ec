package dev.annals.claims;

import dev.annals.api.Decision;
import java.util.Locale;

/** Why a command on a claim can be rejected. The codes are published: they are never renamed. */
enum ClaimRejection {
    ALREADY_CLAIMED,
    NOT_CLAIMED,
    NOT_OWNER;

    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Decision<ClaimEvent> because(String message) {
        return Decision.reject(code(), message);
    }
}
