package dev.annals.engine.deciding;

import dev.annals.api.AggregateType;
import dev.annals.api.AggregateView;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.RecordedEvent;
import dev.annals.engine.avro.AggregateBinding;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A domain with a field of every type that a record can have; what comes in stands in the event, the state and the row.
 */
final class Ledger {

    private Ledger() {}

    sealed interface Command {}

    record Book(
            BigDecimal amount,
            Instant at,
            LocalDate day,
            UUID ref,
            String note,
            long count,
            int pieces,
            double ratio,
            boolean flag)
            implements Command {}

    sealed interface Event {}

    record Booked(
            BigDecimal amount,
            Instant at,
            LocalDate day,
            UUID ref,
            String note,
            long count,
            int pieces,
            double ratio,
            boolean flag)
            implements Event {}

    record Page(@Nullable BigDecimal last) {}

    record LedgerRow(
            BigDecimal amount,
            Instant at,
            LocalDate day,
            UUID ref,
            String note,
            long count,
            int pieces,
            double ratio,
            boolean flag) {}

    static final AggregateType<Command, Page, Event> TYPE = AggregateType.named("ledger", new Rules())
            .commands(Command.class)
            .events(Event.class)
            .state(Page.class)
            .createdBy(Book.class)
            .build();

    static final AggregateBinding<Command, Page, Event> BINDING = AggregateBinding.of(TYPE);

    private static final class Rules implements Decider<Command, Page, Event> {
        @Override
        public Page initial() {
            return new Page(null);
        }

        @Override
        public Decision<Event> decide(Command command, Page page) {
            return switch (command) {
                case Book it ->
                    Decision.accept(new Booked(
                            it.amount, it.at, it.day, it.ref, it.note, it.count, it.pieces, it.ratio, it.flag));
            };
        }

        @Override
        public Page evolve(Page page, Event event) {
            return switch (event) {
                case Booked it -> new Page(it.amount);
            };
        }
    }

    static final class Rows implements AggregateView<Event, LedgerRow> {
        @Override
        public String name() {
            return "ledger";
        }

        @Override
        public Class<LedgerRow> row() {
            return LedgerRow.class;
        }

        @Override
        public LedgerRow apply(@Nullable LedgerRow row, RecordedEvent<Event> event) {
            return switch (event.event()) {
                case Booked it ->
                    new LedgerRow(it.amount, it.at, it.day, it.ref, it.note, it.count, it.pieces, it.ratio, it.flag);
            };
        }
    }
}
