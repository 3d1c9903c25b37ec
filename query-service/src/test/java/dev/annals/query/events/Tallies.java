package dev.annals.query.events;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.MissingEvents;
import dev.annals.api.Summary;
import dev.annals.api.Upcaster;
import java.util.List;

/** A domain whose events have changed. */
final class Tallies {

    private Tallies() {}

    sealed interface Command {}

    record StartTally() implements Command {}

    sealed interface Event {}

    /** Was {@code Ticked}, and had no unit. */
    record Counted(int pieces, String unit) implements Event {}

    /** Stands for all before it. */
    record SummedUp(int pieces) implements Event, Summary {}

    /** Two events today. */
    record CountedTwice(int first, int second) {}

    /** Retired. */
    record Glanced(String by) {}

    record Tally(int pieces) {}

    static final AggregateType<Command, Tally, Event> TYPE = type(MissingEvents.FAIL);

    static AggregateType<Command, Tally, Event> type(MissingEvents missingEvents) {
        return AggregateType.named("tallies", new Rules(missingEvents))
                .commands(Command.class)
                .events(Event.class)
                .state(Tally.class)
                .createdBy(StartTally.class)
                .upcasters(
                        Upcaster.split(
                                CountedTwice.class,
                                Counted.class,
                                old -> List.of(new Counted(old.first(), "piece"), new Counted(old.second(), "piece"))),
                        Upcaster.retired(Glanced.class))
                .build();
    }

    private record Rules(MissingEvents missingEvents) implements Decider<Command, Tally, Event> {
        @Override
        public Tally initial() {
            return new Tally(0);
        }

        @Override
        public Decision<Event> decide(Command command, Tally state) {
            return Decision.accept();
        }

        @Override
        public Tally evolve(Tally state, Event event) {
            return switch (event) {
                case Counted counted -> new Tally(state.pieces() + counted.pieces());
                case SummedUp sum -> new Tally(state.pieces() + sum.pieces());
            };
        }
    }
}
