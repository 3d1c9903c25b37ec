package dev.annals.flightidentities;

import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.ProcessManager;
import dev.annals.api.View;
import dev.annals.flightidentities.IdentityCommand.Identify;
import java.util.List;

/**
 * The aggregate type {@code flight-identities}, whose ids are callsigns, with its view and the process that joins it
 * with {@code flights}.
 */
public final class FlightIdentitiesDomain implements Domain {

    @Override
    public AggregateType<IdentityCommand, FlightIdentities, IdentityEvent> aggregate() {
        return AggregateType.named("flight-identities", new IdentityDecider())
                .commands(IdentityCommand.class)
                .events(IdentityEvent.class)
                .state(FlightIdentities.class)
                .createdBy(Identify.class)
                .build();
    }

    @Override
    public List<View<?, ?>> views() {
        return List.of(new FlightIdentitiesView());
    }

    @Override
    public List<ProcessManager<?>> processes() {
        return List.of(new IntakeProcess());
    }
}
