package dev.annals.query.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final int P = 2;

    private final Progress progress = Progress.ofActives();

    @BeforeEach
    void assign() {
        progress.assigned(P);
    }

    @Test
    void a_partition_is_not_served_before_its_end_is_known() {
        progress.position(P, 100);

        assertThat(progress.isServing(P)).isFalse();
        assertThat(progress.withoutTarget()).containsExactly(P);
    }

    @Test
    void a_partition_is_served_when_the_records_before_its_end_are_applied() {
        progress.target(P, 0, 10);
        progress.delivered(P, 9);
        progress.position(P, 10);
        progress.processed(P, 8, 1);
        progress.check();
        assertThat(progress.isServing(P)).isFalse();
        assertThat(progress.next(P)).isEqualTo(9);

        progress.processed(P, 9, 1);
        progress.check();
        assertThat(progress.isServing(P)).isTrue();
        assertThat(progress.withoutTarget()).isEmpty();
    }

    @Test
    void markers_at_the_end_count_as_reached_by_the_position() {
        progress.target(P, 0, 12);
        progress.delivered(P, 9);
        progress.processed(P, 9, 1);
        progress.position(P, 12);

        assertThat(progress.isServing(P)).isTrue();
    }

    @Test
    void a_partition_that_was_committed_to_its_end_is_served_at_once() {
        progress.target(P, 10, 10);

        assertThat(progress.isServing(P)).isTrue();
    }

    @Test
    void an_empty_partition_is_served_at_once() {
        progress.target(P, 0, 0);

        assertThat(progress.isServing(P)).isTrue();
    }

    @Test
    void a_served_partition_stays_so_while_the_topic_grows() {
        progress.target(P, 10, 10);
        progress.delivered(P, 20);
        progress.position(P, 21);

        assertThat(progress.isServing(P)).isTrue();
    }

    @Test
    void a_partition_that_leaves_and_comes_back_has_to_catch_up_again() {
        progress.target(P, 10, 10);
        progress.revoked(P);
        assertThat(progress.isServing(P)).isFalse();

        progress.assigned(P);
        assertThat(progress.isServing(P)).isFalse();
        assertThat(progress.here()).containsExactly(P);
    }

    @Test
    void a_partition_in_doubt_is_served_when_it_has_reached_the_end_anew() {
        progress.target(P, 0, 10);
        progress.position(P, 10);

        progress.doubt();

        assertThat(progress.isServing(P)).isFalse();
        assertThat(progress.withoutTarget()).containsExactly(P);
        progress.position(P, 11);
        assertThat(progress.isServing(P)).isFalse();
        progress.target(P, 0, 12);
        assertThat(progress.isServing(P)).isFalse();
        progress.position(P, 12);
        assertThat(progress.isServing(P)).isTrue();
    }

    @Test
    void a_partition_that_has_just_come_is_not_in_doubt() {
        progress.doubt();

        progress.target(P, 10, 10);

        assertThat(progress.isServing(P)).isTrue();
    }

    @Test
    void what_others_have_committed_since_says_nothing_of_a_partition_in_doubt() {
        progress.target(P, 5, 5);
        progress.doubt();

        progress.target(P, 9, 9);

        assertThat(progress.isServing(P)).isFalse();
        assertThat(progress.next(P)).isEqualTo(5);
    }
}
