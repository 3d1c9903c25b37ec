package dev.annals.claims;

import dev.annals.api.RejectionCode;

/** Why a command on a claim can be rejected. The codes are published: they are never renamed. */
enum ClaimRejection implements RejectionCode<ClaimEvent> {
    ALREADY_CLAIMED,
    NOT_CLAIMED,
    NOT_OWNER
}
