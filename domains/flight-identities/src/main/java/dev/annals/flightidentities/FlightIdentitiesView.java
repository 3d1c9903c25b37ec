package dev.annals.flightidentities;

import dev.annals.api.AggregateView;
import dev.annals.api.Filter;
import dev.annals.api.RecordedEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The latest flights of every callsign. The row is the callsign's own state, folded by the same
 * {@link IdentityDecider#evolve}.
 */
public final class FlightIdentitiesView implements AggregateView<IdentityEvent, FlightIdentitiesRow> {

    private final IdentityDecider decider = new IdentityDecider();

    @Override
    public String name() {
        return "flight-identities";
    }

    @Override
    public Class<FlightIdentitiesRow> row() {
        return FlightIdentitiesRow.class;
    }

    @Override
    public List<Filter> filters() {
        return List.of(Filter.byField("alias", "aliases"), Filter.byField("codeshare", "codeshares"));
    }

    @Override
    public FlightIdentitiesRow apply(@Nullable FlightIdentitiesRow row, RecordedEvent<IdentityEvent> event) {
        FlightIdentities before = row == null ? decider.initial() : row.identities();
        return FlightIdentitiesRow.of(event.aggregateId(), decider.evolve(before, event.event()));
    }
}
