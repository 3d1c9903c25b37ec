package dev.annals.seats;

import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.ProcessManager;
import dev.annals.api.View;
import dev.annals.seats.ConferenceCommand.OpenConference;
import java.util.List;

/**
 * The aggregate type {@code seats}, whose aggregates are conferences, with its view, and the process of seats that are
 * ordered.
 */
public final class SeatsDomain implements Domain {

    @Override
    public AggregateType<ConferenceCommand, Conference, ConferenceEvent> aggregate() {
        return AggregateType.named("seats", new ConferenceDecider())
                .commands(ConferenceCommand.class)
                .events(ConferenceEvent.class)
                .state(Conference.class)
                .createdBy(OpenConference.class)
                .build();
    }

    @Override
    public List<View<?, ?>> views() {
        return List.of(new SeatsView());
    }

    @Override
    public List<ProcessManager<?>> processes() {
        return List.of(new ReservationProcess());
    }
}
