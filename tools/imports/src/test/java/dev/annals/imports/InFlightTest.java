package dev.annals.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class InFlightTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final AtomicLong now = new AtomicLong();
    private final InFlight<String> inFlight = new InFlight<>(2, PATIENCE, now::get);
    private final List<String> settled = new ArrayList<>();

    @Test
    void a_result_settles_its_command_once() {
        inFlight.enter("a", "note");

        inFlight.leave("a", settled::add);
        inFlight.leave("a", settled::add);
        inFlight.leave("of-another-client", settled::add);

        assertThat(settled).containsExactly("note");
        inFlight.awaitEmpty();
    }

    @Test
    void the_time_counts_from_the_first_command() {
        now.addAndGet(5);
        assertThat(inFlight.elapsed()).isZero();

        inFlight.enter("a", "");
        now.addAndGet(7);
        inFlight.enter("b", "");

        assertThat(inFlight.elapsed()).isEqualTo(Duration.ofNanos(7));
    }

    @Test
    void a_full_window_waits_for_a_result() throws Exception {
        inFlight.enter("a", "");
        inFlight.enter("b", "");
        CompletableFuture<Void> third = CompletableFuture.runAsync(() -> inFlight.enter("c", ""));

        assertThat(third).isNotDone();
        inFlight.leave("a", settled::add);

        third.get(10, TimeUnit.SECONDS);
        assertThat(inFlight.contains("c")).isTrue();
    }

    @Test
    void without_results_for_too_long_it_gives_up_and_names_what_is_missing() {
        inFlight.enter("berka/1/0", "");
        inFlight.enter("berka/1/1", "");
        now.addAndGet(PATIENCE.toNanos() + 1);

        assertThatThrownBy(inFlight::awaitEmpty)
                .isInstanceOf(ImportFailedException.class)
                .hasMessageContainingAll("120 s", "without one: 2 (berka/1/0, berka/1/1)", "again is safe");
    }

    @Test
    void each_result_starts_the_patience_anew() {
        inFlight.enter("a", "");
        inFlight.enter("b", "");
        now.addAndGet(PATIENCE.toNanos());
        inFlight.leave("a", settled::add);
        now.addAndGet(PATIENCE.toNanos());

        CompletableFuture<Void> end = CompletableFuture.runAsync(inFlight::awaitEmpty);
        inFlight.leave("b", settled::add);

        assertThat(end).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void a_pause_of_the_sender_is_not_a_missing_result() {
        now.addAndGet(PATIENCE.toNanos() * 2);

        inFlight.enter("a", "");

        CompletableFuture<Void> end = CompletableFuture.runAsync(inFlight::awaitEmpty);
        inFlight.leave("a", settled::add);
        assertThat(end).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void a_failure_ends_every_wait_with_the_first_cause() {
        inFlight.enter("a", "");
        inFlight.fail(new ImportFailedException("the broker is gone"));
        inFlight.fail(new ImportFailedException("something else"));

        assertThatThrownBy(inFlight::awaitEmpty).hasMessage("the broker is gone");
        assertThatThrownBy(() -> inFlight.enter("b", "")).hasMessage("the broker is gone");
    }

    @Test
    void an_id_that_is_in_flight_is_refused() {
        inFlight.enter("a", "");

        assertThatThrownBy(() -> inFlight.enter("a", "")).hasMessageContaining("a stands for two rows");
    }
}
