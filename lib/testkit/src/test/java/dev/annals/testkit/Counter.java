package dev.annals.testkit;

import dev.annals.api.AggregateView;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.GroupedView;
import dev.annals.api.JoinedView;
import dev.annals.api.RecordedEvent;
import java.util.List;

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

    record Row(int value, long last) {}

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

    /** The event of another type. */
    record Mixed(String colour) {}

    /** @param made of its own events: how many */
    record Recipe(long made, String colour) {}

    /** Sums of a colour, with ten more for each time that a recipe of it was made. */
    static final class WithRecipes implements JoinedView<Sum> {
        @Override
        public String name() {
            return "with-recipes";
        }

        @Override
        public Class<Sum> row() {
            return Sum.class;
        }

        @Override
        public List<Side<?, ?, Sum>> sides() {
            return List.of(new Counted(), new Recipes());
        }
    }

    private static final class Counted implements JoinedView.Side<Added, Part, Sum> {
        private final ByColour sums = new ByColour();

        @Override
        public Class<Added> events() {
            return Added.class;
        }

        @Override
        public Class<Part> part() {
            return Part.class;
        }

        @Override
        public Part apply(Part part, RecordedEvent<Added> event) {
            return sums.apply(part, event);
        }

        @Override
        public String group(Part part) {
            return sums.group(part);
        }

        @Override
        public Sum add(Sum row, Part part) {
            return sums.add(row, part);
        }

        @Override
        public Sum subtract(Sum row, Part part) {
            return sums.subtract(row, part);
        }
    }

    private static final class Recipes implements JoinedView.Side<Mixed, Recipe, Sum> {
        private static final int WORTH = 10;

        @Override
        public Class<Mixed> events() {
            return Mixed.class;
        }

        @Override
        public Class<Recipe> part() {
            return Recipe.class;
        }

        @Override
        public Recipe apply(Recipe recipe, RecordedEvent<Mixed> event) {
            return new Recipe(event.version(), event.event().colour());
        }

        @Override
        public String group(Recipe recipe) {
            return recipe.colour();
        }

        @Override
        public Sum add(Sum row, Recipe recipe) {
            return new Sum((row == null ? 0 : row.value()) + worth(recipe));
        }

        @Override
        public Sum subtract(Sum row, Recipe recipe) {
            return row.value() == worth(recipe) ? null : new Sum(row.value() - worth(recipe));
        }

        private static int worth(Recipe recipe) {
            return (int) recipe.made() * WORTH;
        }
    }
}
