package dev.annals.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.api.AggregateView;
import dev.annals.api.RecordedEvent;
import dev.annals.testkit.Counter.Added;
import dev.annals.testkit.Counter.Row;
import dev.annals.testkit.Counter.Sum;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ViewKitTest {

    private final ViewKit<Added, Row> byValue = ViewKit.of(new Counter.ByValue(true));
    private final ViewKit<Added, Sum> byColour = ViewKit.of(new Counter.ByColour());

    @Test
    void a_row_moves_with_its_key_and_versions_count_by_aggregate() {
        byValue.given("a", new Added(1, "red"), new Added(1, "red")).given("b", new Added(1, "red"));

        byValue.thenKeys("1:b", "2:a")
                .thenRow("2:a", new Row(2, 2))
                .thenRow("1:b", new Row(1, 1))
                .thenNoRow("1:a");
    }

    @Test
    void a_fold_that_returns_null_removes_the_row() {
        byValue.given("a", new Added(1, "red"), new Added(-1, "red")).thenKeys();
    }

    @Test
    void two_aggregates_with_one_key_fail() {
        ViewKit<Added, Row> careless = ViewKit.of(new Counter.ByValue(false)).given("a", new Added(1, "red"));

        assertThatThrownBy(() -> careless.given("b", new Added(1, "red")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("share the key 1", "by-value");
    }

    @Test
    void groups_sum_up_the_parts_of_several_aggregates() {
        byColour.given("a", new Added(1, "red"))
                .given("b", new Added(2, "red"))
                .given("c", new Added(3, "blue"))
                .given("a", new Added(4, "red"));

        assertThat(byColour.rows()).containsOnlyKeys("blue", "red");
        byColour.thenRow("red", new Sum(7)).thenRow("blue", new Sum(3));
    }

    @Test
    void sides_of_a_joined_view_meet_in_a_row_and_the_ids_of_their_types_are_apart() {
        ViewKit<Object, Sum> joined = ViewKit.of(new Counter.WithRecipes());
        joined.given("a", new Added(1, "red"), new Counter.Mixed("red")).given("b", new Counter.Mixed("blue"));
        joined.thenRow("red", new Sum(11)).thenRow("blue", new Sum(10));

        joined.given("b", new Counter.Mixed("red")).thenRow("red", new Sum(31)).thenNoRow("blue");
        assertThatThrownBy(() -> joined.given("a", "no event of any side"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no side of the view");
    }

    /** Milliseconds, as its schema has it: a test of finer times would pass where the projector behaves otherwise. */
    @Test
    void times_of_rows_are_as_they_are_stored() {
        ViewKit.of(new LastSeen())
                .at(Instant.parse("2026-01-01T00:00:00.123456Z"))
                .given("a", new Added(1, "red"))
                .thenRow("a", new SeenRow(Instant.parse("2026-01-01T00:00:00.123Z")));
    }

    record SeenRow(Instant at) {}

    private static final class LastSeen implements AggregateView<Added, SeenRow> {
        @Override
        public String name() {
            return "last-seen";
        }

        @Override
        public Class<SeenRow> row() {
            return SeenRow.class;
        }

        @Override
        public SeenRow apply(SeenRow row, RecordedEvent<Added> event) {
            return new SeenRow(event.time());
        }
    }

    @Test
    void a_part_that_changes_its_group_leaves_the_old_one() {
        byColour.given("a", new Added(1, "red"), new Added(1, "blue")).thenKeys("blue");
        assertThat(byColour.row("blue")).contains(new Sum(2));
    }

    @Test
    void a_part_that_is_gone_is_taken_out() {
        byColour.given("a", new Added(1, "red"), new Added(-1, "red")).thenKeys();
    }

    @Test
    void wrong_expectations_fail() {
        byValue.given("a", new Added(1, "red"));

        assertThatThrownBy(() -> byValue.thenRow("1:a", new Row(2, 1))).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> byValue.thenNoRow("1:a")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> byValue.thenKeys("1:b")).isInstanceOf(AssertionError.class);
    }

    @Test
    void events_have_the_time_that_the_test_names() {
        record Seen(Instant time) {}
        AggregateView<Added, Seen> view = new AggregateView<>() {
            @Override
            public String name() {
                return "seen";
            }

            @Override
            public Class<Seen> row() {
                return Seen.class;
            }

            @Override
            public Seen apply(Seen row, RecordedEvent<Added> event) {
                return new Seen(event.time());
            }
        };
        Instant then = Instant.parse("2010-12-01T08:26:00Z");

        ViewKit.of(view)
                .given("a", new Added(1, "red"))
                .at(then)
                .given("b", new Added(1, "red"))
                .thenRow("a", new Seen(ViewKit.DEFAULT_TIME))
                .thenRow("b", new Seen(then));
    }

    @Test
    void stored_records_of_an_old_shape_are_upcast_each_at_its_version() {
        ViewKit.of(new Tallies.Rows())
                .givenStored(Tallies.TYPE, "a", new Tallies.Glanced(), new Tallies.CountedTwice(1, 2))
                .thenRow("a", new Tallies.TallyRow(3, 2))
                .givenStored(Tallies.TYPE, "a", new Tallies.Glanced(), Tallies.Counted.of(4))
                .thenRow("a", new Tallies.TallyRow(7, 4));
    }
}
