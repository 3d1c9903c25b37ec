package dev.annals.claims;

import static dev.annals.claims.ClaimRejection.ALREADY_CLAIMED;
import static dev.annals.claims.ClaimRejection.NOT_CLAIMED;
import static dev.annals.claims.ClaimRejection.NOT_OWNER;

import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.claims.ClaimCommand.Claim;
import dev.annals.claims.ClaimCommand.Confirm;
import dev.annals.claims.ClaimCommand.Release;
import dev.annals.claims.ClaimEvent.ClaimConfirmed;
import dev.annals.claims.ClaimEvent.ClaimReleased;
import dev.annals.claims.ClaimEvent.ExpiryMoved;
import dev.annals.claims.ClaimEvent.ValueClaimed;
import java.time.Instant;
import java.util.Objects;

/**
 * The rules of a claim. Time matters in one place: whether somebody else may take the value. Messages don't say who has
 * it: that is not for everybody who tries an address.
 */
public final class ClaimDecider implements Decider<ClaimCommand, ClaimState, ClaimEvent> {

    @Override
    public ClaimState initial() {
        return ClaimState.FREE;
    }

    /** Without a time, nothing has expired. */
    @Override
    public Decision<ClaimEvent> decide(ClaimCommand command, ClaimState state) {
        return decide(command, state, Instant.MIN);
    }

    @Override
    public Decision<ClaimEvent> decide(ClaimCommand command, ClaimState state, Instant time) {
        return switch (command) {
            case Claim claim -> claim(claim, state, time);
            case Confirm(String owner) ->
                state.confirmed() && owner.equals(state.owner())
                        ? Decision.accept()
                        : ifOwner(owner, state, new ClaimConfirmed(owner));
            case Release(String owner) -> ifOwner(owner, state, new ClaimReleased(owner));
        };
    }

    @Override
    public ClaimState evolve(ClaimState state, ClaimEvent event) {
        return switch (event) {
            case ValueClaimed claimed -> new ClaimState(claimed.owner(), false, claimed.expiresAt());
            case ExpiryMoved moved -> new ClaimState(moved.owner(), false, moved.expiresAt());
            case ClaimConfirmed confirmed -> new ClaimState(confirmed.owner(), true, null);
            case ClaimReleased released -> ClaimState.FREE;
        };
    }

    private static Decision<ClaimEvent> claim(Claim claim, ClaimState state, Instant time) {
        if (claim.owner().equals(state.owner())) {
            return claimAgain(claim, state);
        }
        if (state.owner() == null || state.hasExpired(time)) {
            return Decision.accept(new ValueClaimed(claim.owner(), claim.expiresAt()));
        }
        return ALREADY_CLAIMED.because(
                state.expiresAt() == null
                        ? "another owner has claimed it"
                        : "another owner has claimed it until %s; this was asked at %s"
                                .formatted(state.expiresAt(), time));
    }

    /** What is confirmed stays so. */
    private static Decision<ClaimEvent> claimAgain(Claim claim, ClaimState state) {
        return state.confirmed() || Objects.equals(claim.expiresAt(), state.expiresAt())
                ? Decision.accept()
                : Decision.accept(new ExpiryMoved(claim.owner(), claim.expiresAt()));
    }

    private static Decision<ClaimEvent> ifOwner(String owner, ClaimState state, ClaimEvent event) {
        if (state.owner() == null) {
            return NOT_CLAIMED.because("nobody has claimed it, or it was released");
        }
        return owner.equals(state.owner())
                ? Decision.accept(event)
                : NOT_OWNER.because("another owner than '%s' has claimed it".formatted(owner));
    }
}
