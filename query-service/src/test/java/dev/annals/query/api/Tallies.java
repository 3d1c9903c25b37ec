package dev.annals.query.api;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.Erased;
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

    static final AggregateType<Command, Tally, Event> TYPE = type(Erased.REFUSE);

    static AggregateType<Command, Tally, Event> type(Erased erased) {
        return new AggregateType<>(
                "tallies",
                Command.class,
                Event.class,
                Tally.class,
                new Rules(erased),
                StartTally.class,
                null,
                null,
                List.of(
                        Upcaster.split(
                                CountedTwice.class,
                                Counted.class,
                                old -> List.of(new Counted(old.first(), "piece"), new Counted(old.second(), "piece"))),
                        Upcaster.retired(Glanced.class)));
    }

    private record Rules(Erased erased) implements Decider<Command, Tally, Event> {
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
