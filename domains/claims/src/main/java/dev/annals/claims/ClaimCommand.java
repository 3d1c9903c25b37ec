package dev.annals.claims;

import dev.annals.api.Doc;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What can be asked of a claim. Avro schemas are recorded from it, see {@link Doc}. */
public sealed interface ClaimCommand {

    @Doc("Command: claim the value for an owner; one who has it already moves the expiry, unless it is confirmed.")
    record Claim(
            @Doc("Whose the value is to be: the id of a user or an order, for instance.")
            String owner,

            @Doc("From when on somebody else may take it, unless it is confirmed (UTC); absent: never.") @Nullable
            Instant expiresAt)
            implements ClaimCommand {}

    @Doc("Command: make the owner's claim one that does not expire.")
    record Confirm(@Doc("Who has claimed the value.") String owner) implements ClaimCommand {}

    @Doc("Command: give the value up, whether confirmed or not.")
    record Release(@Doc("Who has claimed the value.") String owner) implements ClaimCommand {}
}
