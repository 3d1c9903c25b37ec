package dev.annals.engine.projecting;

import dev.annals.api.AggregateType;
import dev.annals.api.JoinedView;
import dev.annals.api.MissingEvents;
import dev.annals.api.RecordedEvent;
import dev.annals.engine.avro.AggregateBinding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A second domain for tests: those who own deals; and the view that joins both. */
final class Owners {

    static final AggregateType<Command, State, Event> TYPE = AggregateType.named(
                    "owners", new Undecided<Command, State, Event>(new State(false)))
            .commands(Command.class)
            .events(Event.class)
            .state(State.class)
            .createdBy(RegisterOwner.class)
            .build();

    static final AggregateBinding<Command, State, Event> BINDING = AggregateBinding.of(TYPE);

    private Owners() {}

    sealed interface Command {}

    record RegisterOwner(String name) implements Command {}

    sealed interface Event {}

    record OwnerNamed(String name) implements Event {}

    record OwnerLeft() implements Event {}

    record State(boolean known) {}

    /** @param name null before the owner was named, and after they left */
    record NamedOwnerRow(@Nullable String name, long deals) {

        private @Nullable NamedOwnerRow orNothing() {
            return name == null && deals == 0 ? null : this;
        }
    }

    /** How many deals a named owner has. */
    static final class NamedHoldings implements JoinedView<NamedOwnerRow> {

        private final MissingEvents missingEvents;

        NamedHoldings() {
            this(MissingEvents.FAIL);
        }

        NamedHoldings(MissingEvents missingEvents) {
            this.missingEvents = missingEvents;
        }

        @Override
        public MissingEvents missingEvents() {
            return missingEvents;
        }

        @Override
        public String name() {
            return "named-holdings";
        }

        @Override
        public Class<NamedOwnerRow> row() {
            return NamedOwnerRow.class;
        }

        @Override
        public List<Side<?, ?, NamedOwnerRow>> sides() {
            return List.of(new Names(), new Held());
        }
    }

    record Name(String owner, String name) {}

    private static final class Names implements JoinedView.Side<Event, Name, NamedOwnerRow> {
        @Override
        public Class<Event> events() {
            return Event.class;
        }

        @Override
        public Class<Name> part() {
            return Name.class;
        }

        @Override
        public @Nullable Name apply(@Nullable Name part, RecordedEvent<Event> event) {
            return switch (event.event()) {
                case OwnerNamed named -> new Name(event.aggregateId(), named.name());
                case OwnerLeft left -> null;
            };
        }

        @Override
        public String group(Name part) {
            return part.owner();
        }

        @Override
        public NamedOwnerRow add(@Nullable NamedOwnerRow row, Name part) {
            return new NamedOwnerRow(part.name(), row == null ? 0 : row.deals());
        }

        /** The new name is there already when the old one goes. */
        @Override
        public @Nullable NamedOwnerRow subtract(NamedOwnerRow row, Name part) {
            return part.name().equals(row.name()) ? new NamedOwnerRow(null, row.deals()).orNothing() : row;
        }
    }

    record Holding(String owner) {}

    private static final class Held implements JoinedView.Side<Deals.Event, Holding, NamedOwnerRow> {
        @Override
        public Class<Deals.Event> events() {
            return Deals.Event.class;
        }

        @Override
        public Class<Holding> part() {
            return Holding.class;
        }

        @Override
        public @Nullable Holding apply(@Nullable Holding part, RecordedEvent<Deals.Event> event) {
            return switch (event.event()) {
                case Deals.DealOpened opened -> new Holding(opened.owner());
                case Deals.DealHandedOver over -> new Holding(over.owner());
                case Deals.DealSummedUp sum -> new Holding(sum.owner());
                case Deals.DealNoted noted -> part;
                case Deals.DealClosed closed -> null;
            };
        }

        @Override
        public String group(Holding part) {
            return part.owner();
        }

        @Override
        public NamedOwnerRow add(@Nullable NamedOwnerRow row, Holding part) {
            return row == null ? new NamedOwnerRow(null, 1) : new NamedOwnerRow(row.name(), row.deals() + 1);
        }

        @Override
        public @Nullable NamedOwnerRow subtract(NamedOwnerRow row, Holding part) {
            return new NamedOwnerRow(row.name(), row.deals() - 1).orNothing();
        }
    }
}
