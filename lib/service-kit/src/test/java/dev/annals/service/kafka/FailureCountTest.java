package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class FailureCountTest {

    private Instant now = Instant.parse("2026-11-22T00:00:00Z");
    private final FailureCount failures = new FailureCount(() -> now, FailureCount.FIRST_PAUSE);

    @Test
    void pauses_double_up_to_a_limit() {
        failures.add(new IllegalStateException("a"));
        assertThat(failures.pause()).isEqualTo(Duration.ofMillis(200));
        failures.add(new IllegalStateException("b"));
        assertThat(failures.pause()).isEqualTo(Duration.ofMillis(400));
        for (int i = 0; i < 100; i++) {
            failures.add(new IllegalStateException("c"));
        }
        assertThat(failures.pause()).isEqualTo(FailureCount.LONGEST_PAUSE);
    }

    @Test
    void the_first_of_a_new_row_pauses_as_the_first() {
        FailureCount stops = new FailureCount(() -> now, FailureCount.FIRST_PAUSE_OF_STOPS);
        stops.add(new IllegalStateException("a"));
        stops.add(new IllegalStateException("a"));
        assertThat(stops.pause()).isEqualTo(Duration.ofSeconds(2));

        stops.endRow();
        stops.add(new IllegalStateException("b"));
        assertThat(stops.pause()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void a_row_of_failures_is_told_with_what_lies_beneath_streams_own_exception() {
        for (int i = 1; i < FailureCount.UNREADY_AFTER; i++) {
            failures.add(new IllegalStateException("outer"));
            assertThat(failures.reasonAgainst()).isNull();
        }
        failures.add(new StreamsException(
                "in task 0_1", new IllegalArgumentException("at offset 7", new IllegalStateException("deep"))));

        assertThat(failures.reasonAgainst())
                .isEqualTo("failed 5 times in a row, last with IllegalArgumentException: at offset 7");
    }

    @Test
    void a_quiet_time_ends_the_row() {
        for (int i = 0; i < FailureCount.UNREADY_AFTER; i++) {
            failures.add(new IllegalStateException("x"));
        }
        now = now.plus(FailureCount.CURED_AFTER).plusMillis(1);

        assertThat(failures.reasonAgainst()).isNull();
        assertThat(failures.add(new IllegalStateException("y"))).isEqualTo(1);
    }

    @Test
    void what_runs_again_for_a_while_is_trusted_and_fails_in_the_same_row() {
        for (int i = 0; i < FailureCount.UNREADY_AFTER; i++) {
            failures.add(new IllegalStateException("x"));
        }
        failures.runs(true);
        now = now.plus(FailureCount.TRUSTED_AFTER);
        assertThat(failures.reasonAgainst()).isNotNull();

        now = now.plusMillis(1);
        assertThat(failures.reasonAgainst()).isNull();
        assertThat(failures.add(new IllegalStateException("y"))).isEqualTo(FailureCount.UNREADY_AFTER + 1);
        assertThat(failures.reasonAgainst()).isNotNull();

        failures.runs(false);
        now = now.plus(FailureCount.TRUSTED_AFTER).plusMillis(1);
        assertThat(failures.reasonAgainst()).isNotNull();
    }
}
