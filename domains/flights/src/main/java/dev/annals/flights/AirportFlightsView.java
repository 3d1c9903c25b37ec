package dev.annals.flights;

import dev.annals.api.AggregateView;
import dev.annals.api.Filter;
import dev.annals.api.RecordedEvent;
import dev.annals.flights.FlightEvent.FlightCreated;
import dev.annals.flights.FlightEvent.FlightsMerged;
import dev.annals.flights.FlightEvent.TrackRecorded;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The flights of each airport: a flight is found under its origin and under its destination, and moves when its plan
 * does. One that was merged has no row, since the flight that stands for it has one.
 */
public final class AirportFlightsView implements AggregateView<FlightEvent, AirportFlightRow> {

    private final FlightDecider decider = new FlightDecider();

    @Override
    public String name() {
        return "airport-flights";
    }

    @Override
    public Class<AirportFlightRow> row() {
        return AirportFlightRow.class;
    }

    @Override
    public List<Filter> filters() {
        return List.of(Filter.byField("airport", "airports"), Filter.byField("departure", "departure"));
    }

    @Override
    public @Nullable AirportFlightRow apply(@Nullable AirportFlightRow row, RecordedEvent<FlightEvent> event) {
        return switch (event.event()) {
            case FlightCreated created -> AirportFlightRow.of(decider.evolve(decider.initial(), created));
            case FlightsMerged merged -> null;
            case TrackRecorded track -> row;
            case FlightEvent other -> row == null ? null : AirportFlightRow.of(decider.evolve(row.flight(), other));
        };
    }
}
