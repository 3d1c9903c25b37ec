package dev.annals.testkit;

import dev.annals.api.AggregateType;
import dev.annals.api.AggregateView;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.RecordedEvent;
import dev.annals.api.Upcaster;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** A domain with schemas whose events have changed. */
final class Tallies {

    private Tallies() {}

    sealed interface Command {}

    record StartTally() implements Command {}

    sealed interface Event {}

    record Counted(int pieces, String label, BigDecimal price, Instant at) implements Event {
        static Counted of(int pieces) {
            return new Counted(pieces, null, new BigDecimal("0.0000"), Instant.EPOCH);
        }
    }

    record Emptied() implements Event {}

    /** Two events today. */
    record CountedTwice(int first, int second) {}

    /** Retired. */
    record Glanced() {}

    record Tally(int pieces) {}

    static final AggregateType<Command, Tally, Event> TYPE = AggregateType.named("tallies", new Rules())
            .commands(Command.class)
            .events(Event.class)
            .state(Tally.class)
            .createdBy(StartTally.class)
            .upcasters(
                    Upcaster.split(
                            CountedTwice.class,
                            Event.class,
                            old -> List.of(Counted.of(old.first()), Counted.of(old.second()))),
                    Upcaster.retired(Glanced.class))
            .build();

    static final class Rules implements Decider<Command, Tally, Event> {
        @Override
        public Tally initial() {
            return new Tally(0);
        }

        @Override
        public Decision<Event> decide(Command command, Tally state) {
            return state.pieces() == 0
                    ? Decision.accept(new Emptied())
                    : Decision.reject("not-empty", state.pieces() + " pieces");
        }

        @Override
        public Tally evolve(Tally state, Event event) {
            return switch (event) {
                case Counted counted -> new Tally(state.pieces() + counted.pieces());
                case Emptied emptied -> new Tally(0);
            };
        }
    }

    record TallyRow(int pieces, long last) {}

    static final class Rows implements AggregateView<Event, TallyRow> {
        @Override
        public String name() {
            return "tallies";
        }

        @Override
        public Class<TallyRow> row() {
            return TallyRow.class;
        }

        @Override
        public TallyRow apply(TallyRow row, RecordedEvent<Event> event) {
            int before = row == null ? 0 : row.pieces();
            return switch (event.event()) {
                case Counted counted -> new TallyRow(before + counted.pieces(), event.version());
                case Emptied emptied -> new TallyRow(0, event.version());
            };
        }
    }
}
