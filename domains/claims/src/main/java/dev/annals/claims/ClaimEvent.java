package dev.annals.claims;

import dev.annals.api.Doc;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What can happen to a claim. Avro schemas are recorded from it, see {@link Doc}. */
public sealed interface ClaimEvent {

    @Doc("Event: the value got an owner; whoever had it before had released it, or had a claim that had expired.")
    record ValueClaimed(
            @Doc("Whose the value is.") String owner,

            @Doc("From when on somebody else may take it, unless it is confirmed (UTC); absent: never.") @Nullable
            Instant expiresAt)
            implements ClaimEvent {}

    @Doc("Event: the owner claimed the value again, with another expiry.")
    record ExpiryMoved(
            @Doc("Whose the value is.") String owner,

            @Doc("From when on somebody else may take it, unless it is confirmed (UTC); absent: never.") @Nullable
            Instant expiresAt)
            implements ClaimEvent {}

    @Doc("Event: the claim was made one that does not expire.")
    record ClaimConfirmed(@Doc("Whose the value is.") String owner) implements ClaimEvent {}

    @Doc("Event: the value was given up; anybody may claim it.")
    record ClaimReleased(@Doc("Whose the value was.") String owner) implements ClaimEvent {}
}
