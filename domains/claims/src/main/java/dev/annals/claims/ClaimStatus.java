package dev.annals.claims;

import dev.annals.api.Doc;

@Doc("How firm a claim is; an expired one stays CLAIMED until somebody else takes the value.")
public enum ClaimStatus {
    CLAIMED,
    CONFIRMED,
    RELEASED
}
