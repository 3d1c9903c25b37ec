package dev.annals.engine.projecting;

import dev.annals.api.AggregateType;
import dev.annals.api.AggregateView;
import dev.annals.api.GroupedView;
import dev.annals.api.MissingEvents;
import dev.annals.api.RecordedEvent;
import dev.annals.api.Summary;
import dev.annals.engine.avro.AggregateBinding;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A domain for tests: deals that have an owner, change hands and are closed. */
final class Deals {

    static final AggregateType<Command, State, Event> TYPE = AggregateType.named(
                    "deals", new Undecided<Command, State, Event>(new State(false)))
            .commands(Command.class)
            .events(Event.class)
            .state(State.class)
            .createdBy(OpenDeal.class)
            .build();

    static final AggregateBinding<Command, State, Event> BINDING = AggregateBinding.of(TYPE);

    private Deals() {}

    sealed interface Command {}

    record OpenDeal(String owner, long amount) implements Command {}

    sealed interface Event {}

    record DealOpened(String owner, long amount) implements Event {}

    record DealHandedOver(String owner) implements Event {}

    record DealNoted() implements Event {}

    record DealClosed() implements Event {}

    /** Of an open deal. */
    record DealSummedUp(String owner, long amount) implements Event, Summary {}

    record State(boolean open) {}

    record DealRow(String owner, long amount) {}

    /** Deals by owner: the row moves when the deal changes hands, and goes when it is closed. */
    static final class ByOwner implements AggregateView<Event, DealRow> {

        private final MissingEvents missingEvents;

        ByOwner() {
            this(MissingEvents.FAIL);
        }

        ByOwner(MissingEvents missingEvents) {
            this.missingEvents = missingEvents;
        }

        @Override
        public MissingEvents missingEvents() {
            return missingEvents;
        }

        @Override
        public String name() {
            return "deals-by-owner";
        }

        @Override
        public Class<DealRow> row() {
            return DealRow.class;
        }

        @Override
        public @Nullable DealRow apply(@Nullable DealRow row, RecordedEvent<Event> event) {
            return switch (event.event()) {
                case DealOpened opened -> new DealRow(opened.owner(), opened.amount());
                case DealSummedUp sum -> new DealRow(sum.owner(), (row == null ? 0 : row.amount()) + sum.amount());
                case DealHandedOver over -> row == null ? null : new DealRow(over.owner(), row.amount());
                case DealNoted noted -> row;
                case DealClosed closed -> null;
            };
        }

        @Override
        public String key(String aggregateId, DealRow row) {
            assert !row.owner().isEmpty() : "a deal of nobody";
            return row.owner() + ":" + aggregateId;
        }
    }

    record DealTimeRow(Instant opened, String owner) {}

    /** Deals by the time when they were opened, which is finer than rows have it. */
    static final class ByTime implements AggregateView<Event, DealTimeRow> {

        @Override
        public String name() {
            return "deals-by-time";
        }

        @Override
        public Class<DealTimeRow> row() {
            return DealTimeRow.class;
        }

        @Override
        public @Nullable DealTimeRow apply(@Nullable DealTimeRow row, RecordedEvent<Event> event) {
            return switch (event.event()) {
                case DealOpened opened -> new DealTimeRow(event.time(), opened.owner());
                case DealSummedUp sum -> new DealTimeRow(event.time(), sum.owner());
                case DealHandedOver over -> row == null ? null : new DealTimeRow(row.opened(), over.owner());
                case DealNoted noted -> row;
                case DealClosed closed -> null;
            };
        }

        @Override
        public String key(String aggregateId, DealTimeRow row) {
            return row.opened() + ":" + aggregateId;
        }
    }

    record Share(String owner, long amount) {}

    record OwnerRow(String owner, long deals, long amount) {}

    /** What each owner holds. */
    static final class Holdings implements GroupedView<Event, Share, OwnerRow> {

        private final MissingEvents missingEvents;

        Holdings() {
            this(MissingEvents.FAIL);
        }

        Holdings(MissingEvents missingEvents) {
            this.missingEvents = missingEvents;
        }

        @Override
        public MissingEvents missingEvents() {
            return missingEvents;
        }

        @Override
        public String name() {
            return "holdings";
        }

        @Override
        public Class<OwnerRow> row() {
            return OwnerRow.class;
        }

        @Override
        public Class<Share> part() {
            return Share.class;
        }

        @Override
        public @Nullable Share apply(@Nullable Share part, RecordedEvent<Event> event) {
            return switch (event.event()) {
                case DealOpened opened -> new Share(opened.owner(), opened.amount());
                case DealSummedUp sum -> new Share(sum.owner(), (part == null ? 0 : part.amount()) + sum.amount());
                case DealHandedOver over -> part == null ? null : new Share(over.owner(), part.amount());
                case DealNoted noted -> part;
                case DealClosed closed -> null;
            };
        }

        @Override
        public String group(Share part) {
            return part.owner();
        }

        @Override
        public OwnerRow add(@Nullable OwnerRow row, Share part) {
            return row == null
                    ? new OwnerRow(part.owner(), 1, part.amount())
                    : new OwnerRow(row.owner(), row.deals() + 1, row.amount() + part.amount());
        }

        @Override
        public @Nullable OwnerRow subtract(OwnerRow row, Share part) {
            return row.deals() == 1 ? null : new OwnerRow(row.owner(), row.deals() - 1, row.amount() - part.amount());
        }
    }
}
