package dev.annals.testkit;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.Effect;
import dev.annals.api.Effect.At;
import dev.annals.api.Effect.Cancel;
import dev.annals.api.Effect.End;
import dev.annals.api.Effect.Send;
import dev.annals.api.Input;
import dev.annals.api.Input.Answered;
import dev.annals.api.Input.Due;
import dev.annals.api.Input.Happened;
import dev.annals.api.Input.Outcome;
import dev.annals.api.ProcessManager;
import java.util.List;

/**
 * A parcel leaves when it is packed and its bill is paid; a bill that is not paid in time is called off. The smallest
 * process over two types of aggregates that a kit can be tried on, done well and with bugs.
 */
final class Parcels {

    static final AggregateType<ParcelCommand, Parcel, ParcelEvent> PARCELS = AggregateType.named(
                    "parcels", new ParcelRules())
            .commands(ParcelCommand.class)
            .events(ParcelEvent.class)
            .state(Parcel.class)
            .createdBy(Pack.class)
            .build();

    static final AggregateType<BillCommand, Bill, BillEvent> BILLS = AggregateType.named("bills", new BillRules())
            .commands(BillCommand.class)
            .events(BillEvent.class)
            .state(Bill.class)
            .createdBy(Pay.class)
            .build();

    private Parcels() {}

    sealed interface ParcelCommand {}

    record Pack() implements ParcelCommand {}

    record Post() implements ParcelCommand {}

    sealed interface ParcelEvent {}

    record Packed() implements ParcelEvent {}

    record Posted() implements ParcelEvent {}

    record Parcel(boolean packed, boolean posted) {}

    private static final class ParcelRules implements Decider<ParcelCommand, Parcel, ParcelEvent> {
        @Override
        public Parcel initial() {
            return new Parcel(false, false);
        }

        @Override
        public Decision<ParcelEvent> decide(ParcelCommand command, Parcel parcel) {
            return switch (command) {
                case Pack pack -> parcel.packed ? Decision.accept() : Decision.accept(new Packed());
                case Post post -> parcel.posted ? Decision.reject("gone", "it is gone") : Decision.accept(new Posted());
            };
        }

        @Override
        public Parcel evolve(Parcel parcel, ParcelEvent event) {
            return switch (event) {
                case Packed packed -> new Parcel(true, parcel.posted);
                case Posted posted -> new Parcel(parcel.packed, true);
            };
        }
    }

    sealed interface BillCommand {}

    record Pay() implements BillCommand {}

    record CallOff() implements BillCommand {}

    sealed interface BillEvent {}

    record Paid() implements BillEvent {}

    record CalledOff() implements BillEvent {}

    record Bill(boolean paid, boolean calledOff) {}

    private static final class BillRules implements Decider<BillCommand, Bill, BillEvent> {
        @Override
        public Bill initial() {
            return new Bill(false, false);
        }

        @Override
        public Decision<BillEvent> decide(BillCommand command, Bill bill) {
            if (bill.paid || bill.calledOff) {
                return Decision.reject("settled", "the bill is settled");
            }
            return switch (command) {
                case Pay pay -> Decision.accept(new Paid());
                case CallOff callOff -> Decision.accept(new CalledOff());
            };
        }

        @Override
        public Bill evolve(Bill bill, BillEvent event) {
            return switch (event) {
                case Paid paid -> new Bill(true, bill.calledOff);
                case CalledOff off -> new Bill(bill.paid, true);
            };
        }
    }

    record Posting(boolean packed, boolean paid, boolean late) {}

    static class PostingProcess implements ProcessManager<Posting> {

        static final String TIMER = "payment";

        @Override
        public String name() {
            return "postings";
        }

        @Override
        public List<Class<?>> events() {
            return List.of(ParcelEvent.class, BillEvent.class);
        }

        @Override
        public List<Class<?>> commands() {
            return List.of(ParcelCommand.class, BillCommand.class);
        }

        @Override
        public String instance(Happened happened) {
            return happened.event() instanceof Posted ? null : happened.aggregateId();
        }

        @Override
        public Class<Posting> state() {
            return Posting.class;
        }

        @Override
        public Posting initial() {
            return new Posting(false, false, false);
        }

        @Override
        public Posting evolve(Posting posting, Input input) {
            return switch (input) {
                case Happened(var id, var version, var time, Packed packed) ->
                    new Posting(true, posting.paid, posting.late);
                case Happened(var id, var version, var time, Paid paid) ->
                    new Posting(posting.packed, true, posting.late);
                case Due due -> new Posting(posting.packed, posting.paid, true);
                default -> posting;
            };
        }

        @Override
        public List<Effect> react(Posting posting, Input input) {
            return switch (input) {
                case Happened(var id, var version, var time, CalledOff off) -> List.of();
                case Happened happened
                when posting.packed && posting.paid ->
                    List.of(new Cancel(TIMER), new Send(happened.aggregateId(), new Post()));
                case Happened(var id, var version, var time, Packed packed) ->
                    List.of(new At(TIMER, time.plusSeconds(60)));
                case Answered answered when answered.outcome() == Outcome.ACCEPTED -> List.of(new End());
                case Due due -> List.of(new Send("1", new CallOff()));
                default -> List.of();
            };
        }
    }

    /** Takes for granted that a bill is paid before the parcel is packed. */
    static final class Hasty extends PostingProcess {
        @Override
        public List<Effect> react(Posting posting, Input input) {
            return input instanceof Happened happened && happened.event() instanceof Packed && posting.paid
                    ? List.of(new Send(happened.aggregateId(), new Post()))
                    : List.of();
        }
    }
}
