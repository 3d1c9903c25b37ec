package dev.annals.claims;

import dev.annals.api.AggregateView;
import dev.annals.api.Filter;
import dev.annals.api.RecordedEvent;
import dev.annals.claims.ClaimEvent.ClaimConfirmed;
import dev.annals.claims.ClaimEvent.ClaimReleased;
import dev.annals.claims.ClaimEvent.ExpiryMoved;
import dev.annals.claims.ClaimEvent.ValueClaimed;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every value that was ever claimed, with its owner; a released one keeps its row. */
public final class ClaimsView implements AggregateView<ClaimEvent, ClaimRow> {

    @Override
    public String name() {
        return "claims";
    }

    @Override
    public Class<ClaimRow> row() {
        return ClaimRow.class;
    }

    /** The key of a row is the id, which begins with the scope. */
    @Override
    public List<Filter> filters() {
        return List.of(Filter.byLeadingKey("scope", "scope"), Filter.byField("owner", "owner"));
    }

    /** Each event says all that there is in the row. */
    @Override
    public ClaimRow apply(@Nullable ClaimRow row, RecordedEvent<ClaimEvent> event) {
        String id = event.aggregateId();
        return switch (event.event()) {
            case ValueClaimed(String owner, Instant expiresAt) -> row(id, owner, ClaimStatus.CLAIMED, expiresAt);
            case ExpiryMoved(String owner, Instant expiresAt) -> row(id, owner, ClaimStatus.CLAIMED, expiresAt);
            case ClaimConfirmed(String owner) -> row(id, owner, ClaimStatus.CONFIRMED, null);
            case ClaimReleased(String owner) -> row(id, owner, ClaimStatus.RELEASED, null);
        };
    }

    private static ClaimRow row(String id, String owner, ClaimStatus status, @Nullable Instant expiresAt) {
        int scopeEnd = id.indexOf(Filter.KEY_SEPARATOR);
        String scope = scopeEnd < 0 ? "" : id.substring(0, scopeEnd);
        return new ClaimRow(scope, id.substring(scopeEnd + 1), owner, status, expiresAt);
    }
}
