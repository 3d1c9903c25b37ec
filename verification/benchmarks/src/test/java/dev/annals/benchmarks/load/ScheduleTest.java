package dev.annals.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static Schedule rate(double perSecond, long start) {
        return new Schedule(
                Load.timed(new Population(0, 10, 1), 1, perSecond, Duration.ofSeconds(1), Duration.ofSeconds(2)),
                start);
    }

    @Test
    void at_a_fixed_rate_a_late_command_starts_when_it_was_meant_to() {
        long start = System.nanoTime() - Duration.ofSeconds(2).toNanos();

        assertThat(rate(1_000, start).await(500) - start).isEqualTo(500_000_000);
    }

    @Test
    void at_a_fixed_rate_the_commands_of_the_whole_time_are_sent_however_late_it_is() {
        Schedule schedule = rate(1_000, 0);
        long late = Duration.ofSeconds(5).toNanos();

        assertThat(schedule.has(2_999, late)).isTrue();
        assertThat(schedule.has(3_000, late)).isFalse();
    }

    @Test
    void a_rate_that_is_far_from_being_held_ends_the_run() {
        long start = System.nanoTime() - Duration.ofSeconds(20).toNanos();

        assertThatThrownBy(() -> rate(1_000, start).await(2_000))
                .isInstanceOf(LoadException.class)
                .hasMessage("1,000/s can't be held: 1,000 commands were still to be sent 10 s after the end");
    }

    @Test
    void a_closed_loop_goes_on_until_its_time_is_over() {
        Schedule schedule = rate(0, 0);

        assertThat(schedule.has(1_000_000, Duration.ofMillis(2_999).toNanos())).isTrue();
        assertThat(schedule.has(0, Duration.ofSeconds(3).toNanos())).isFalse();
    }

    @Test
    void a_load_of_so_many_commands_ends_with_them() {
        Schedule schedule = new Schedule(Load.counted(CommandKind.OPEN, new Population(0, 10, 1), 3, 1), 0);

        assertThat(schedule.has(29, 1)).isTrue();
        assertThat(schedule.has(30, 1)).isFalse();
    }
}
