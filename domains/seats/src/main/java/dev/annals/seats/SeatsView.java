package dev.annals.seats;

import dev.annals.api.AggregateView;
import dev.annals.api.Filter;
import dev.annals.api.RecordedEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every conference as it stands; a closed one keeps its row. The row is the conference's own state, folded by the same
 * {@link ConferenceDecider#evolve}.
 */
public final class SeatsView implements AggregateView<ConferenceEvent, ConferenceRow> {

    private final ConferenceDecider decider = new ConferenceDecider();

    @Override
    public String name() {
        return "seats";
    }

    @Override
    public Class<ConferenceRow> row() {
        return ConferenceRow.class;
    }

    @Override
    public List<Filter> filters() {
        return List.of(
                Filter.byField("capacity", "capacity"),
                Filter.byField("reserved", "reserved"),
                Filter.byField("available", "available"),
                Filter.byField("status", "status"));
    }

    @Override
    public ConferenceRow apply(@Nullable ConferenceRow row, RecordedEvent<ConferenceEvent> event) {
        Conference before = row == null ? decider.initial() : row.conference();
        return ConferenceRow.of(decider.evolve(before, event.event()));
    }
}
