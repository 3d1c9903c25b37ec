package dev.annals.engine.folding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.MissingEvents;
import dev.annals.api.Summary;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StreamFoldTest {

    private static final StreamFold REFUSES = new StreamFold(StreamFoldTest.class, MissingEvents.FAIL, false);
    private static final StreamFold PASSES_OVER = new StreamFold(StreamFoldTest.class, MissingEvents.SKIP, false);
    private static final StreamFold BEGINS_ANYWHERE = new StreamFold(StreamFoldTest.class, MissingEvents.FAIL, true);

    private static final List<?> EVENT = List.of("deposited");
    private static final List<?> SUMMARY = List.of(new Balance());

    private record Balance() implements Summary {}

    private static @Nullable String refusal(StreamFold fold, long folded, long version, @Nullable List<?> events) {
        return fold.refusal("accounts", "ada", folded, version, events);
    }

    @Test
    void an_event_counts_once() {
        assertThat(StreamFold.isFolded(3, 3)).isTrue();
        assertThat(StreamFold.isFolded(3, 4)).isFalse();
        assertThat(StreamFold.isFolded(0, 1)).isFalse();
    }

    @Test
    void the_next_version_is_folded_also_where_it_means_nothing_today() {
        assertThat(refusal(REFUSES, 0, 1, EVENT)).isNull();
        assertThat(refusal(REFUSES, 3, 4, List.of())).isNull();
    }

    @Test
    void a_gap_and_an_erased_event_are_refused_with_the_place_where_the_author_may_allow_them() {
        assertThat(refusal(REFUSES, 3, 6, EVENT))
                .isEqualTo(
                        "events 4 to 5 of accounts/ada are missing before it; if it is right to leave such events out, let "
                                + StreamFoldTest.class.getName() + ".missingEvents() say SKIP");
        assertThat(refusal(REFUSES, 3, 4, null)).startsWith("the event has been erased; ");
        assertThat(refusal(REFUSES, 3, 5, null)).startsWith("events 4 to 4 of accounts/ada are missing");
    }

    @Test
    void an_author_may_do_without_missing_events() {
        assertThat(refusal(PASSES_OVER, 3, 6, EVENT)).isNull();
        assertThat(refusal(PASSES_OVER, 3, 4, null)).isNull();
        assertThat(PASSES_OVER.refusal("events 4 to 5 are missing at its end")).isNull();
    }

    @Test
    void before_a_summary_anything_may_be_missing() {
        assertThat(refusal(REFUSES, 0, 7, SUMMARY)).isNull();
        assertThat(refusal(REFUSES, 3, 7, SUMMARY)).isNull();
    }

    @Test
    void a_fold_from_the_middle_takes_any_event_first_but_none_that_is_erased_and_no_gap_after_it() {
        assertThat(refusal(BEGINS_ANYWHERE, 0, 7, EVENT)).isNull();
        assertThat(refusal(BEGINS_ANYWHERE, 0, 7, null)).isNotNull();
        assertThat(refusal(BEGINS_ANYWHERE, 7, 9, EVENT)).isNotNull();
    }
}
