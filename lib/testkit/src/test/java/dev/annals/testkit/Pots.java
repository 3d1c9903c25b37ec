package dev.annals.testkit;

import dev.annals.api.AggregateType;
import dev.annals.api.AggregateView;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.Doc;
import dev.annals.api.Domain;
import dev.annals.api.ProcessManager;
import dev.annals.api.RecordedEvent;
import dev.annals.api.View;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A domain for tests of the contract: pots of plants, in a namespace of their own, with events of any shape.
 *
 * @param events a sealed interface of records
 * @param viewName of its one view
 */
record Pots<E>(Class<E> events, String viewName, List<ProcessManager<?>> processes) implements Domain {

    Pots(Class<E> events, String viewName) {
        this(events, viewName, List.of());
    }

    sealed interface Command {}

    record Plant(String what) implements Command {}

    sealed interface Event {}

    @Doc("Event: something was planted.")
    record Planted(
            @Doc("What it is.") String what, @Nullable BigDecimal price, Soil soil) implements Event {}

    enum Soil {
        SAND,
        LOAM
    }

    record Pot(@Nullable String what) {}

    @Doc("View pots: what is in one.")
    record PotRow(String what) {}

    @Override
    public AggregateType<?, ?, ?> aggregate() {
        return AggregateType.named("pots", new Rules<E>())
                .namespace("org.example.garden")
                .commands(Command.class)
                .events(events)
                .state(Pot.class)
                .createdBy(Plant.class)
                .build();
    }

    @Override
    public List<View<?, ?>> views() {
        return List.of(new Rows<E>(viewName));
    }

    private static final class Rules<E> implements Decider<Command, Pot, E> {
        @Override
        public Pot initial() {
            return new Pot(null);
        }

        @Override
        public Decision<E> decide(Command command, Pot pot) {
            return Decision.accept();
        }

        @Override
        public Pot evolve(Pot pot, E event) {
            return pot;
        }
    }

    private record Rows<E>(String name) implements AggregateView<E, PotRow> {
        @Override
        public Class<PotRow> row() {
            return PotRow.class;
        }

        @Override
        public PotRow apply(@Nullable PotRow row, RecordedEvent<E> event) {
            return new PotRow("");
        }
    }
}
