package dev.annals.claims;

import dev.annals.api.Doc;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Doc("View claims: who has a value, or had it last.")
public record ClaimRow(
        @Doc("What kind of value it is: what stands before the first ':' of the id; empty without one.")
        String scope,

        @Doc("The value as the id has it, which may be escaped or a hash.")
        String value,

        @Doc("Whose the value is; of a released one, whose it was.")
        String owner,

        @Doc("How firm the claim is; an expired one stays CLAIMED until somebody else takes the value.")
        ClaimStatus status,

        @Doc("From when on somebody else may take it, unless it is confirmed (UTC, milliseconds); absent: never.")
        @Nullable
        Instant expiresAt) {}
