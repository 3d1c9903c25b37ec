package dev.annals.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.testkit.Counter.Add;
import dev.annals.testkit.Counter.Added;
import dev.annals.testkit.Counter.Total;
import org.junit.jupiter.api.Test;

class DeciderKitTest {

    private final Counter.Rules rules = new Counter.Rules();

    @Test
    void what_was_decided_as_expected_passes() {
        assertThatCode(() -> DeciderKit.given(rules, new Added(1, "red"))
                        .when(new Add(1))
                        .then(new Added(1, "red"))
                        .when(new Add(0))
                        .then()
                        .when(new Add(2))
                        .thenRejected("too-much", "at most")
                        .when(new Add(1))
                        .thenAccepted())
                .doesNotThrowAnyException();
    }

    @Test
    void events_of_an_accepted_command_belong_to_the_history() {
        assertThat(DeciderKit.given(rules).when(new Add(2)).thenAccepted().state())
                .isEqualTo(new Total(2));
    }

    @Test
    void other_events_than_expected_fail() {
        assertThatThrownBy(() -> DeciderKit.given(rules).when(new Add(1)).then(new Added(2, "red")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("Add[by=1]", "Added[by=2", "Added[by=1");
        assertThatThrownBy(() -> DeciderKit.given(rules).when(new Add(1)).then())
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> DeciderKit.given(rules).when(new Add(0)).then(new Added(0, "red")))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void a_rejection_in_place_of_events_fails_and_says_why() {
        assertThatThrownBy(() -> DeciderKit.given(rules, new Added(3, "red"))
                        .when(new Add(1))
                        .then(new Added(1, "red")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("Added[by=3", "Add[by=1]", "too-much", "at most 3");
        assertThatThrownBy(() -> DeciderKit.given(rules).when(new Add(4)).thenAccepted())
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void events_in_place_of_a_rejection_fail() {
        assertThatThrownBy(() -> DeciderKit.given(rules).when(new Add(1)).thenRejected("too-much"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("rejected with too-much", "accepted with", "Added[by=1");
    }

    @Test
    void another_code_or_message_than_expected_fails() {
        assertThatThrownBy(() -> DeciderKit.given(rules).when(new Add(4)).thenRejected("too-little"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("too-little", "too-much");
        assertThatThrownBy(() -> DeciderKit.given(rules).when(new Add(4)).thenRejected("too-much", "at most 9"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("at most 9", "at most 3");
    }

    @Test
    void stored_records_of_an_old_shape_are_upcast() {
        var counted = DeciderKit.givenStored(Tallies.TYPE, new Tallies.CountedTwice(1, 2), new Tallies.Glanced());

        assertThat(counted.state()).isEqualTo(new Tallies.Tally(3));
        counted.when(new Tallies.StartTally()).thenRejected("not-empty", "3 pieces");
        assertThatThrownBy(() -> DeciderKit.givenStored(Tallies.TYPE, new Total(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Total is no event of Event");
    }
}
