package dev.annals.flights;

import dev.annals.api.AggregateView;
import dev.annals.api.Filter;
import dev.annals.api.RecordedEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every flight as it stands; a cancelled or merged one keeps its row. The row is the flight's own state, folded by the
 * same {@link FlightDecider#evolve}.
 */
public final class FlightsView implements AggregateView<FlightEvent, FlightRow> {

    private final FlightDecider decider = new FlightDecider();

    @Override
    public String name() {
        return "flights";
    }

    @Override
    public Class<FlightRow> row() {
        return FlightRow.class;
    }

    @Override
    public List<Filter> filters() {
        return List.of(
                Filter.byField("callsign", "callsign"),
                Filter.byField("origin", "origin"),
                Filter.byField("destination", "destination"),
                Filter.byField("departure", "departure"),
                Filter.byField("status", "status"));
    }

    @Override
    public FlightRow apply(@Nullable FlightRow row, RecordedEvent<FlightEvent> event) {
        Flight before = row == null ? decider.initial() : row.flight();
        return FlightRow.of(decider.evolve(before, event.event()));
    }
}
