package dev.annals.testkit;

import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.Summary;
import dev.annals.api.View;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;

/**
 * Tests a {@link Summary}: what {@link Decider#summarize} decides, alone, comes to the state and to the rows that all
 * events came to.
 *
 * <pre>{@code
 * SummaryKit.assertStandsFor(new AccountDecider(), List.of(new AccountsView()), List.of(opened, deposited, withdrawn));
 * }</pre>
 *
 * <p>Run it with many histories, such as those of a property test: what a summary forgets is gone when the events are.
 */
public final class SummaryKit {

    private SummaryKit() {}

    /**
     * @param views all that fold these events
     * @throws AssertionError if the command is not accepted, decides no {@link Summary} last, or a fold that begins
     *     there comes to anything else
     */
    public static <C, S, E> void assertStandsFor(
            Decider<C, S, E> decider, List<? extends View<E, ?>> views, List<? extends E> history) {
        C summarize = decider.summarize();
        if (summarize == null) {
            throw new AssertionError("summarize() of %s is null: nothing decides a summary"
                    .formatted(decider.getClass().getName()));
        }
        S state = DeciderKit.given(decider, history).state();
        Decision<E> decision = decider.decide(summarize, state);
        if (!(decision instanceof Decision.Accepted<E>(List<E> events)) || events.isEmpty()) {
            throw new AssertionError(
                    "given %s, %s must be accepted with a summary, but was %s".formatted(history, summarize, decision));
        }
        E last = events.getLast();
        Assertions.assertThat(last).as("what %s decides last", summarize).isInstanceOf(Summary.class);
        Assertions.assertThat(DeciderKit.given(decider, List.of(last)).state())
                .as("state after %s alone", last)
                .isEqualTo(state);
        views.forEach(view -> assertSameRows(view, history, last));
    }

    private static <E> void assertSameRows(View<E, ?> view, List<? extends E> history, E summary) {
        List<E> all = new ArrayList<>(history);
        all.add(summary);
        var rows = rows(view, history);
        Assertions.assertThat(rows(view, List.of(summary)))
                .as("rows of %s after %s alone", view.name(), summary)
                .isEqualTo(rows);
        Assertions.assertThat(rows(view, all))
                .as("rows of %s after all events and %s", view.name(), summary)
                .isEqualTo(rows);
    }

    @SuppressWarnings("unchecked") // an array to be read
    private static <E> Object rows(View<E, ?> view, List<? extends E> events) {
        return ViewKit.of(view).given("1", (E[]) events.toArray()).rows();
    }
}
