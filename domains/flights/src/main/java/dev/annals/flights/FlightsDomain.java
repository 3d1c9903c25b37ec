package dev.annals.flights;

import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.View;
import dev.annals.flights.FlightCommand.CreateFlight;
import java.util.List;

/** The aggregate type {@code flights}, whose ids are GUFIs, with its views. */
public final class FlightsDomain implements Domain {

    @Override
    public AggregateType<FlightCommand, Flight, FlightEvent> aggregate() {
        return AggregateType.named("flights", new FlightDecider())
                .commands(FlightCommand.class)
                .events(FlightEvent.class)
                .state(Flight.class)
                .createdBy(CreateFlight.class)
                .build();
    }

    @Override
    public List<View<?, ?>> views() {
        return List.of(new FlightsView(), new AirportFlightsView());
    }
}
