package dev.annals.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BrokersClockTest {

    private static final long NOW = 1_294_135_200_000L;
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final BrokersClock clock = new BrokersClock(() -> Instant.ofEpochMilli(NOW));

    @Test
    void our_own_clock_counts_until_brokers_have_told_theirs() {
        assertThat(clock.believed(NOW + HOUR)).isEqualTo(NOW);
        assertThat(clock.believed(NOW + 1_000)).isEqualTo(NOW + 1_000);
        assertThat(clock.believed(NOW - HOUR)).isEqualTo(NOW - HOUR);

        clock.stamped(NOW - 2 * HOUR);
        assertThat(clock.believed(NOW)).isBetween(NOW - 2 * HOUR, NOW - HOUR);
        clock.stamped(NOW + 2 * HOUR);
        assertThat(clock.believed(NOW + HOUR)).isEqualTo(NOW + HOUR);
    }

    @Test
    void where_brokers_refuse_ours_the_newest_time_that_they_have_told_counts() {
        clock.refused(NOW - 2 * HOUR);
        assertThat(clock.believed(NOW)).isBetween(NOW - 2 * HOUR, NOW - HOUR);
    }

    @Test
    void where_they_have_told_none_ours_is_set_back_until_they_take_it() {
        clock.refused(0);
        assertThat(clock.believed(NOW)).isEqualTo(NOW - HOUR);
        clock.refused(0);
        assertThat(clock.believed(NOW)).isEqualTo(NOW - 2 * HOUR);

        clock.stamped(NOW);
        clock.refused(0);
        assertThat(clock.believed(NOW)).isEqualTo(NOW);
    }
}
