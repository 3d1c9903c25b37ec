package dev.annals.lanes;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.MissingEvents;
import dev.annals.engine.avro.AggregateBinding;

/** A domain for tests: tills that money is put into and taken from. */
final class Tills {

    static final AggregateBinding<Command, Till, Event> BINDING = ofVersion(1);

    /** An amount at which the JVM fails, and not the domain. */
    static final long BREAKS_THE_JVM = Long.MIN_VALUE;

    private Tills() {}

    /** @param version of the decider */
    static AggregateBinding<Command, Till, Event> ofVersion(int version) {
        return AggregateBinding.of(AggregateType.named("tills", new Rules(version))
                .commands(Command.class)
                .events(Event.class)
                .state(Till.class)
                .createdBy(PutIn.class)
                .build());
    }

    sealed interface Command {}

    record PutIn(long amount) implements Command {}

    record TakeOut(long amount) implements Command {}

    sealed interface Event {}

    record WasPutIn(long amount) implements Event {}

    record WasTakenOut(long amount) implements Event {}

    record Till(long amount) {}

    private record Rules(int version) implements Decider<Command, Till, Event> {

        @Override
        public MissingEvents missingEvents() {
            return MissingEvents.SKIP;
        }

        @Override
        public Till initial() {
            return new Till(0);
        }

        @Override
        public Decision<Event> decide(Command command, Till till) {
            return switch (command) {
                case PutIn(long amount) when amount == BREAKS_THE_JVM -> throw new InternalError("not of the domain");
                case PutIn(long amount) when amount < 0 -> throw new IllegalStateException("a bug");
                case PutIn(long amount) -> Decision.accept(new WasPutIn(amount));
                case TakeOut(long amount) when amount > till.amount -> Decision.reject("too-little", "not that much");
                case TakeOut(long amount) -> Decision.accept(new WasTakenOut(amount));
            };
        }

        @Override
        public Till evolve(Till till, Event event) {
            return switch (event) {
                case WasPutIn(long amount) -> new Till(till.amount + amount);
                case WasTakenOut(long amount) -> new Till(till.amount - amount);
            };
        }
    }
}
