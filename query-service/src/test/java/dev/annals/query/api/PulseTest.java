package dev.annals.query.api;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.query.table.TableUnavailableException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PulseTest {

    private static final Duration STOP = Pulse.LIMIT.plusMillis(1);

    private long now = Long.MAX_VALUE - 1_000_000; // as nanoTime may be
    private final Pulse pulse = new Pulse(() -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void assertSteady() {
        assertThatCode(pulse::requireSteady).doesNotThrowAnyException();
    }

    private void assertUnsteady() {
        assertThatThrownBy(pulse::requireSteady).isInstanceOf(TableUnavailableException.class);
    }

    @Test
    void short_pauses_are_none() {
        for (int i = 0; i < 5; i++) {
            pass(Pulse.LIMIT);
            assertSteady();
            pulse.beat();
            assertSteady();
        }
    }

    @Test
    void a_stop_is_seen_by_who_asks_before_the_next_beat_and_after_it() {
        pass(STOP);
        assertUnsteady();

        pulse.beat();

        assertUnsteady();
    }

    @Test
    void it_is_steady_again_when_everything_was_asked_for_anew() {
        pass(STOP);
        pulse.beat();

        pulse.recoveredFrom(pulse.stops());

        assertSteady();
    }

    @Test
    void a_stop_in_the_middle_of_a_recovery_needs_another() {
        pass(STOP);
        pulse.beat();
        int known = pulse.stops();
        pass(STOP);
        pulse.beat();

        pulse.recoveredFrom(known);

        assertUnsteady();
        pulse.recoveredFrom(pulse.stops());
        assertSteady();
    }
}
