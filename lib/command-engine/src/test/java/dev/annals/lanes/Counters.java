package dev.annals.lanes;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.MissingEvents;
import dev.annals.api.Summary;
import dev.annals.engine.avro.AggregateBinding;
import java.math.BigDecimal;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * A domain for tests: counters that count each event as much as the version of the decider, so that what one release
 * has folded is wrong for another.
 */
final class Counters {

    static final String NAME = "counters";

    private Counters() {}

    static AggregateBinding<Command, Count, Event> of(Release release) {
        return AggregateBinding.of(AggregateType.named(NAME, release)
                .commands(Command.class)
                .events(Event.class)
                .state(Count.class)
                .createdBy(Add.class)
                .build());
    }

    sealed interface Command {}

    record Add(int times) implements Command {}

    sealed interface Event {}

    record Added() implements Event {}

    record SummedUp(long value) implements Event, Summary {}

    /** No release can fold it. */
    record Jammed() implements Event {}

    /** The state after it can't be stored by the first release. */
    record Blurred() implements Event {}

    record Count(long value, @Nullable BigDecimal exact) {}

    record Release(int version, MissingEvents missingEvents) implements Decider<Command, Count, Event> {

        /** More digits than a decimal has where it is stored. */
        private static final BigDecimal TOO_EXACT = new BigDecimal("0.00001");

        @Override
        public Count initial() {
            return new Count(0, null);
        }

        @Override
        public Decision<Event> decide(Command command, Count count) {
            return switch (command) {
                case Add(int times) -> new Decision.Accepted<>(Collections.nCopies(times, new Added()));
            };
        }

        @Override
        public Count evolve(Count count, Event event) {
            return switch (event) {
                case Added() -> new Count(count.value + version, count.exact);
                case SummedUp(long value) -> new Count(count.value + value, count.exact);
                case Jammed() -> throw new IllegalStateException("a bug in evolve");
                case Blurred() -> new Count(count.value, version == 1 ? TOO_EXACT : null);
            };
        }
    }
}
