package dev.annals.engine.reacting;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.Effect;
import dev.annals.api.Input;
import dev.annals.api.ProcessManager;
import dev.annals.engine.avro.AggregateBinding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process for tests: what is posted is stored in a depot, or dropped after an hour, or when it is recalled. */
class Shipments implements ProcessManager<Shipments.Shipment> {

    static final Duration PATIENCE = Duration.ofHours(1);
    static final String LOST = "lost";

    static final AggregateBinding<ParcelCommand, Nothing, ParcelEvent> PARCELS =
            AggregateBinding.of(AggregateType.named("parcels", new NoRules<ParcelCommand, ParcelEvent>())
                    .commands(ParcelCommand.class)
                    .events(ParcelEvent.class)
                    .state(Nothing.class)
                    .createdBy(Post.class)
                    .build());

    static final AggregateBinding<DepotCommand, Nothing, DepotEvent> DEPOTS =
            AggregateBinding.of(AggregateType.named("depots", new NoRules<DepotCommand, DepotEvent>())
                    .commands(DepotCommand.class)
                    .events(DepotEvent.class)
                    .state(Nothing.class)
                    .createdBy(Store.class)
                    .build());

    sealed interface ParcelCommand {}

    record Post(String depot, int pieces) implements ParcelCommand {}

    sealed interface ParcelEvent {}

    record Posted(String depot, int pieces) implements ParcelEvent {}

    record Recalled(String reason) implements ParcelEvent {}

    /** Matters to nobody but a shipment that is there already. */
    record Noted(String note) implements ParcelEvent {}

    sealed interface DepotCommand {}

    record Store(String parcel, int pieces) implements DepotCommand {}

    record Drop(String parcel) implements DepotCommand {}

    sealed interface DepotEvent {}

    record Stored(String parcel, int pieces) implements DepotEvent {}

    record Nothing() {}

    record Shipment(@Nullable String depot, @Nullable String outcome, int notes) {}

    private static final class NoRules<C, E> implements Decider<C, Nothing, E> {

        @Override
        public Nothing initial() {
            return new Nothing();
        }

        @Override
        public Decision<E> decide(C command, Nothing state) {
            return Decision.accept();
        }

        @Override
        public Nothing evolve(Nothing state, E event) {
            return state;
        }
    }

    private final int version;

    Shipments() {
        this(1);
    }

    Shipments(int version) {
        this.version = version;
    }

    @Override
    public int version() {
        return version;
    }

    @Override
    public String name() {
        return "shipments";
    }

    @Override
    public List<Class<?>> events() {
        return List.of(ParcelEvent.class);
    }

    @Override
    public List<Class<?>> commands() {
        return List.of(DepotCommand.class);
    }

    @Override
    public @Nullable String instance(Input.Happened happened) {
        return happened.aggregateId().startsWith("private") ? null : happened.aggregateId();
    }

    @Override
    public Class<Shipment> state() {
        return Shipment.class;
    }

    @Override
    public Shipment initial() {
        return new Shipment(null, null, 0);
    }

    @Override
    public Shipment evolve(Shipment shipment, Input input) {
        return switch (input) {
            case Input.Happened happened ->
                switch (happened.event()) {
                    case Posted posted -> new Shipment(posted.depot(), null, 0);
                    case Noted noted
                    when noted.note().equals("unfoldable by " + version) ->
                        throw new IllegalStateException("a bug in evolve");
                    case Noted noted
                    when shipment.depot() != null ->
                        new Shipment(shipment.depot(), shipment.outcome(), shipment.notes() + version);
                    default -> shipment;
                };
            case Input.Answered answered ->
                new Shipment(
                        shipment.depot(),
                        answered.command() + " " + answered.outcome() + " " + answered.code(),
                        shipment.notes());
            case Input.Due due
            when due.timer().equals("again") -> new Shipment(shipment.depot(), due.timer(), shipment.notes() + 1);
            case Input.Due due -> new Shipment(shipment.depot(), due.timer(), shipment.notes());
        };
    }

    @Override
    public List<Effect> react(Shipment shipment, Input input) {
        return switch (input) {
            case Input.Happened happened ->
                switch (happened.event()) {
                    case Posted posted ->
                        List.of(
                                new Effect.Send(posted.depot(), new Store(happened.aggregateId(), posted.pieces())),
                                new Effect.At(LOST, happened.time().plus(PATIENCE)));
                    case Recalled recalled -> recalled(happened.aggregateId(), shipment, recalled.reason());
                    default -> List.of();
                };
            case Input.Answered answered when answered.command() instanceof Store -> List.of(new Effect.Cancel(LOST));
            case Input.Answered answered -> List.of(new Effect.End());
            // Twice, at a time that has passed.
            case Input.Due due
            when due.timer().equals("again") && shipment.notes() < 2 -> List.of(new Effect.At("again", due.time()));
            case Input.Due due when due.timer().equals("again") -> List.of();
            case Input.Due due -> List.of(new Effect.Send(String.valueOf(shipment.depot()), new Drop("lost")));
        };
    }

    private static List<Effect> recalled(String parcel, Shipment shipment, String reason) {
        if (shipment.depot() == null) {
            return List.of();
        }
        return switch (reason) {
            case "bug" -> throw new IllegalStateException("a bug in react");
            case "assertion" -> throw new AssertionError("a shipment that can't be");
            case "no depot" -> List.of(new Effect.Send("no/depot", new Drop(parcel)));
            case "unknown command" -> List.of(new Effect.Send(shipment.depot(), new Post("d", 1)));
            case "no time" -> List.of(new Effect.At("end of time", Instant.MAX));
            case "nothing at all" -> Arrays.asList((Effect) null);
            case "again" -> List.of(new Effect.At("again", Instant.EPOCH));
            case "many" -> {
                List<Effect> many = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    many.add(new Effect.Send(shipment.depot(), new Drop(parcel)));
                }
                yield many;
            }
            default -> List.of(new Effect.Send(shipment.depot(), new Drop(parcel)));
        };
    }
}
