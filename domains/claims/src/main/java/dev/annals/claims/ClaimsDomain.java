package dev.annals.claims;

import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.View;
import dev.annals.claims.ClaimCommand.Claim;
import java.util.List;

/** The aggregate type {@code claims} with its view. */
public final class ClaimsDomain implements Domain {

    @Override
    public AggregateType<ClaimCommand, ClaimState, ClaimEvent> aggregate() {
        return AggregateType.named("claims", new ClaimDecider())
                .commands(ClaimCommand.class)
                .events(ClaimEvent.class)
                .state(ClaimState.class)
                .createdBy(Claim.class)
                .build();
    }

    @Override
    public List<View<?, ?>> views() {
        return List.of(new ClaimsView());
    }
}
