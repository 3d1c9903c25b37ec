package dev.annals.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecorderTest {

    private static final long START = 1_000_000_000_000L;
    private static final Load LOAD =
            Load.timed(new Population(0, 10, 1), 1, 0, Duration.ofSeconds(2), Duration.ofSeconds(10));

    private final Recorder recorder = new Recorder(new Schedule(LOAD, START));

    private void command(double startSecond, double endSecond) {
        recorder.record(START + (long) (startSecond * 1e9), START + (long) (endSecond * 1e9));
    }

    @Test
    void results_count_where_they_come_in_the_measured_time() {
        command(1, 1.9);
        command(1, 2);
        command(11, 11.9);
        command(11, 12);

        assertThat(recorder.figures().perSecond()).isEqualTo(0.2);
    }

    @Test
    void latencies_count_where_the_command_starts_in_the_measured_time() {
        command(1.9, 9);
        command(2, 2.005);
        command(11.9, 15);

        Figures figures = recorder.figures();

        assertThat(figures.commands()).isEqualTo(2);
        assertThat(figures.p50()).isCloseTo(5, within(0.01));
        assertThat(figures.max()).isCloseTo(3_100, within(2.0));
    }

    @Test
    void what_several_connections_recorded_adds_up() {
        Recorder other = new Recorder(new Schedule(LOAD, START));
        other.record(START + 3_000_000_000L, START + 3_004_000_000L);
        command(4, 4.002);

        recorder.add(other);

        assertThat(recorder.figures().perSecond()).isEqualTo(0.2);
        assertThat(recorder.figures().max()).isCloseTo(4, within(0.01));
    }
}
