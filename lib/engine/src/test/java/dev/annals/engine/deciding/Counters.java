package dev.annals.engine.deciding;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.Summary;
import dev.annals.engine.avro.AggregateBinding;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A domain for tests: counters that go up to a limit, and commands that make the domain misbehave. */
final class Counters {

    static final long LIMIT = 1_000_000;

    static final AggregateType<Command, Count, Event> TYPE = type(new Rules());

    static final AggregateBinding<Command, Count, Event> BINDING = AggregateBinding.of(TYPE);

    private Counters() {}

    sealed interface Command {}

    /** As many events as asked, each one up. */
    record Add(int times) implements Command {}

    record Misbehave(Bug how) implements Command {}

    record SumUp() implements Command {}

    enum Bug {
        DECIDE_THROWS,
        DECIDE_OVERFLOWS,
        DECIDE_ASSERTS,
        DECIDE_LACKS_A_CLASS,
        DECIDE_RETURNS_NULL,
        EVOLVE_THROWS,
        EVOLVE_ASSERTS,
        EVOLVE_RETURNS_NULL,
        UNWRITABLE_STATE,
        UNWRITABLE_EVENT,
        LARGE_EVENT
    }

    sealed interface Event {}

    record Added() implements Event {}

    record SummedUp(long value) implements Event, Summary {}

    record Misbehaved(
            Bug how, @Nullable String text, @Nullable Instant time) implements Event {}

    record Count(
            long value,
            @Nullable BigDecimal exact,
            @Nullable String text) {}

    private static AggregateType<Command, Count, Event> type(Rules rules) {
        return AggregateType.named("counters", rules)
                .commands(Command.class)
                .events(Event.class)
                .state(Count.class)
                .createdBy(Add.class)
                .build();
    }

    /** Counters that take no commands from a time on. */
    static AggregateType<Command, Count, Event> openUntil(Instant end) {
        return type(new Rules() {
            @Override
            public Decision<Event> decide(Command command, Count count, Instant time) {
                return time.isBefore(end) ? decide(command, count) : Decision.reject("too-late", "closed at " + end);
            }
        });
    }

    private static class Rules implements Decider<Command, Count, Event> {
        @Override
        public Count initial() {
            return new Count(0, null, null);
        }

        @Override
        public Decision<Event> decide(Command command, Count count) {
            return switch (command) {
                case Add add when add.times < 0 -> Decision.reject("negative", "counters only go up");
                case Add add
                when count.value + add.times > LIMIT -> Decision.reject("limit-reached", "at most " + LIMIT);
                case Add add -> new Decision.Accepted<>(Collections.nCopies(add.times, new Added()));
                case Misbehave misbehave -> misbehave(misbehave.how);
                case SumUp sum -> Decision.accept(new SummedUp(count.value));
            };
        }

        @SuppressWarnings({"NullAway", "InfiniteRecursion"}) // that is the misbehaviour
        private static Decision<Event> misbehave(Bug bug) {
            return switch (bug) {
                case DECIDE_THROWS -> throw new IllegalStateException("a bug in decide, in " + "x".repeat(5_000));
                case DECIDE_OVERFLOWS -> misbehave(bug);
                case DECIDE_ASSERTS -> throw new AssertionError("a count that can't be");
                case DECIDE_LACKS_A_CLASS -> throw new NoClassDefFoundError("dev/annals/Absent");
                case DECIDE_RETURNS_NULL -> null;
                case UNWRITABLE_EVENT -> Decision.accept(new Misbehaved(bug, null, Instant.MAX));
                case LARGE_EVENT -> Decision.accept(new Added(), new Misbehaved(bug, "x".repeat(20_000), null));
                default -> Decision.accept(new Added(), new Misbehaved(bug, null, null));
            };
        }

        @Override
        @SuppressWarnings("NullAway") // as above
        public Count evolve(Count count, Event event) {
            return switch (event) {
                case Added added -> new Count(count.value + 1, count.exact, count.text);
                case SummedUp sum -> new Count(count.value + sum.value, count.exact, count.text);
                case Misbehaved misbehaved ->
                    switch (misbehaved.how) {
                        case EVOLVE_THROWS -> throw new IllegalStateException("a bug in evolve");
                        case EVOLVE_ASSERTS -> throw new AssertionError("a count that can't be");
                        case EVOLVE_RETURNS_NULL -> null;
                        case UNWRITABLE_STATE -> new Count(count.value, new BigDecimal("0.00001"), null);
                        default -> count;
                    };
            };
        }
    }

    static List<Event> added(int times) {
        return Collections.nCopies(times, new Added());
    }
}
