package dev.annals.testkit;

import dev.annals.core.decider.Decider;
import dev.annals.core.decider.Decision;
import dev.annals.core.projection.AggregateView;
import dev.annals.core.projection.GroupedView;
import dev.annals.core.projection.RecordedEvent;

/** A counter that goes up to three and has a colour: the smallest domain that a kit can be tried on. */
final class Counter {

    private Counter() {}

    record Add(int by) {}

    record Added(int by, String colour) {}

    record Total(int value) {}

    static final class Rules implements Decider<Add, Total, Added> {
        @Override
        public Total initial() {
            return new Total(0);
        }

        @Override
        public Decision<Added> decide(Add command, Total state) {
            if (command.by() == 0) {
                return Decision.accept();
            }
            return state.value() + command.by() > 3
                    ? Decision.reject("too-much", "at most 3")
                    : Decision.accept(new Added(command.by(), "red"));
        }

        @Override
        public Total evolve(Total state, Added event) {
            return new Total(state.value() + event.by());
        }
    }

    record Row(int value, long version) {}

    /** Rows move when the value changes; a total of zero has no row. */
    static final class ByValue implements AggregateView<Added, Row> {
        private final boolean withId;

        ByValue(boolean withId) {
            this.withId = withId;
        }

        @Override
        public String name() {
            return "by-value";
        }

        @Override
        public Class<Row> row() {
            return Row.class;
        }

        @Override
        public String key(String aggregateId, Row row) {
            return withId ? row.value() + ":" + aggregateId : "" + row.value();
        }

        @Override
        public Row apply(Row row, RecordedEvent<Added> event) {
            int value = (row == null ? 0 : row.value()) + event.event().by();
            return value == 0 ? null : new Row(value, event.version());
        }
    }

    record Part(String colour, int value) {}

    record Sum(int value) {}

    static final class ByColour implements GroupedView<Added, Part, Sum> {
        @Override
        public String name() {
            return "by-colour";
        }

        @Override
        public Class<Sum> row() {
            return Sum.class;
        }

        @Override
        public Class<Part> part() {
            return Part.class;
        }

        @Override
        public Part apply(Part part, RecordedEvent<Added> event) {
            int value = (part == null ? 0 : part.value()) + event.event().by();
            return value == 0 ? null : new Part(event.event().colour(), value);
        }

        @Override
        public String group(Part part) {
            return part.colour();
        }

        @Override
        public Sum add(Sum row, Part part) {
            return new Sum((row == null ? 0 : row.value()) + part.value());
        }

        @Override
        public Sum subtract(Sum row, Part part) {
            return row.value() == part.value() ? null : new Sum(row.value() - part.value());
        }
    }
}
