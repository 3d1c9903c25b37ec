package dev.annals.engine.projecting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.api.MissingEvents;
import dev.annals.api.View;
import dev.annals.engine.projecting.Deals.DealClosed;
import dev.annals.engine.projecting.Deals.DealHandedOver;
import dev.annals.engine.projecting.Deals.DealNoted;
import dev.annals.engine.projecting.Deals.DealOpened;
import dev.annals.engine.projecting.Deals.DealSummedUp;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** The same stories as in {@link ViewTopologyTest}, which says what a projector makes of them. */
class ViewFoldTest {

    @Test
    void a_row_moves_with_its_key_and_goes_with_its_last_event() {
        ViewFold fold = fold(new Deals.ByOwner());

        assertThat(deal(fold, "1", 1, new DealOpened("ann", 10))).containsExactly("ann:1");
        assertThat(deal(fold, "1", 2, new DealHandedOver("bob"))).containsExactly("ann:1", "bob:1");
        assertThat(row(fold, "bob:1")).isEqualTo("2,bob,10");
        assertThat(fold.row("ann:1")).isNull();
        assertThat(fold.keys()).containsExactly("bob:1");

        deal(fold, "1", 3, new DealClosed());
        assertThat(fold.keys()).isEmpty();
    }

    @Test
    void times_have_milliseconds_in_rows_and_in_their_keys() {
        ViewFold fold = fold(new Deals.ByTime());
        Instant fine = Instant.parse("2011-01-04T10:00:00.123456Z");
        fold.apply("deals", "1", 1, fine, List.of(new DealOpened("ann", 10)));

        assertThat(fold.keys()).containsExactly("2011-01-04T10:00:00.123Z:1");
    }

    @Test
    void a_group_counts_its_changes_also_while_it_has_no_row() {
        ViewFold fold = fold(new Deals.Holdings());

        deal(fold, "1", 1, new DealOpened("ann", 10));
        deal(fold, "2", 1, new DealOpened("ann", 5));
        assertThat(row(fold, "ann")).isEqualTo("2,ann,2,15");
        assertThat(deal(fold, "1", 2, new DealHandedOver("bob"))).containsExactly("bob", "ann");
        deal(fold, "2", 2, new DealClosed());
        assertThat(fold.keys()).containsExactly("bob");
        deal(fold, "3", 1, new DealOpened("ann", 7));
        assertThat(row(fold, "ann")).isEqualTo("5,ann,1,7");
    }

    @Test
    void an_event_that_leaves_the_part_as_it_is_does_not_change_the_row() {
        ViewFold fold = fold(new Deals.Holdings());
        deal(fold, "1", 1, new DealOpened("ann", 10));

        assertThat(deal(fold, "1", 2, new DealNoted())).isEmpty();
        assertThat(row(fold, "ann")).isEqualTo("1,ann,1,10");
    }

    @Test
    void the_sides_of_a_joined_view_meet_in_a_row_and_their_ids_are_apart() {
        ViewFold fold = fold(new Owners.NamedHoldings());

        assertThat(fold.types()).containsExactlyInAnyOrder("deals", "owners");
        deal(fold, "ann", 1, new DealOpened("ann", 10));
        owner(fold, "ann", 1, new Owners.OwnerNamed("Ann"));
        assertThat(row(fold, "ann")).isEqualTo("2,Ann,1");
        owner(fold, "ann", 2, new Owners.OwnerLeft());
        deal(fold, "ann", 2, new DealClosed());
        assertThat(fold.keys()).isEmpty();
    }

    @Test
    void an_event_counts_once_and_a_missing_one_is_told() {
        ViewFold fold = fold(new Deals.Holdings());
        deal(fold, "1", 1, new DealOpened("ann", 10));

        assertThat(deal(fold, "1", 1, new DealOpened("ann", 10))).isEmpty();
        assertThat(row(fold, "ann")).isEqualTo("1,ann,1,10");
        assertThatThrownBy(() -> deal(fold, "1", 3, new DealClosed()))
                .hasMessageContainingAll("holdings", "version 3 of 1", "events 2 to 2 of deals/1 are missing");
    }

    @Test
    void an_erased_event_stops_it_or_is_left_out_as_the_view_says() {
        ViewFold refusing = fold(new Deals.Holdings());
        deal(refusing, "1", 1, new DealOpened("ann", 10));
        refusing.erased("deals", "1", 1);
        assertThatThrownBy(() -> refusing.erased("deals", "1", 2))
                .hasMessageContainingAll("has been erased", Deals.Holdings.class.getName(), "SKIP");

        ViewFold passing = fold(new Deals.Holdings(MissingEvents.SKIP));
        deal(passing, "1", 1, new DealOpened("ann", 10));
        passing.erased("deals", "1", 1);
        passing.erased("deals", "1", 2);
        assertThat(passing.version("deals", "1")).isEqualTo(2);
        deal(passing, "1", 4, new DealHandedOver("bob"));
        passing.erased("deals", "1", 3);
        assertThat(passing.version("deals", "1")).isEqualTo(4);
        assertThat(row(passing, "bob")).isEqualTo("1,bob,1,10");
        assertThat(passing.keys()).containsExactly("bob");
    }

    @Test
    void a_summary_stands_for_what_is_missing_before_it_and_for_what_is_not() {
        for (long first : new long[] {1, 7}) {
            ViewFold fold = fold(new Deals.Holdings());
            deal(fold, "1", 1, new DealOpened("ann", 10));

            assertThat(deal(fold, "1", first + 1, new DealSummedUp("bob", 10))).containsExactlyInAnyOrder("ann", "bob");
            assertThat(fold.version("deals", "1")).isEqualTo(first + 1);
            assertThat(row(fold, "bob")).isEqualTo("1,bob,1,10");
            assertThat(fold.keys()).containsExactly("bob");
        }
    }

    @Test
    void what_is_passed_over_changes_no_row_and_lets_the_next_come() {
        ViewFold fold = fold(new Deals.ByOwner());
        deal(fold, "1", 1, new DealOpened("ann", 10));

        fold.passOver("deals", "1", 2);
        assertThat(row(fold, "ann:1")).isEqualTo("1,ann,10");
        assertThat(deal(fold, "1", 3, new DealHandedOver("bob"))).contains("bob:1");
        assertThat(fold.version("deals", "1")).isEqualTo(3);
    }

    @Test
    void a_record_that_means_several_events_counts_as_one_and_one_that_means_none_counts_too() {
        ViewFold fold = fold(new Deals.ByOwner());

        fold.apply("deals", "1", 1, Instant.EPOCH, List.of(new DealOpened("ann", 10), new DealHandedOver("bob")));
        assertThat(row(fold, "bob:1")).isEqualTo("1,bob,10");
        fold.apply("deals", "1", 2, Instant.EPOCH, List.of());
        assertThat(row(fold, "bob:1")).isEqualTo("2,bob,10");
    }

    private static ViewFold fold(View<?, ?> view) {
        return ViewFold.of(view, Deals.BINDING, List.of(Deals.BINDING, Owners.BINDING));
    }

    private static Set<String> deal(ViewFold fold, String id, long version, Deals.Event event) {
        return fold.apply("deals", id, version, Instant.EPOCH, List.of(event));
    }

    private static void owner(ViewFold fold, String id, long version, Owners.Event event) {
        fold.apply("owners", id, version, Instant.EPOCH, List.of(event));
    }

    /** The version and the author's fields. */
    private static String row(ViewFold fold, String key) {
        GenericRecord row = fold.row(key);
        assertThat(row).isNotNull();
        StringBuilder text = new StringBuilder().append(row.get("version"));
        row.getSchema().getFields().stream()
                .skip(2)
                .forEach(field -> text.append(',').append(row.get(field.pos())));
        return text.toString();
    }
}
