package dev.annals.query.table;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.service.Workers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PauseDetectorTest {

    private static final Duration STOP = PauseDetector.LIMIT.plusMillis(1);

    private long now = Long.MAX_VALUE - 1_000_000; // as nanoTime may be
    private final PauseDetector pauses = new PauseDetector(() -> now, new Workers(new SimpleMeterRegistry()));

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void assertSteady() {
        assertThatCode(pauses::requireSteady).doesNotThrowAnyException();
    }

    private void assertUnsteady() {
        assertThatThrownBy(pauses::requireSteady).isInstanceOf(TableUnavailableException.class);
    }

    @Test
    void short_pauses_are_none() {
        for (int i = 0; i < 5; i++) {
            pass(PauseDetector.LIMIT);
            assertSteady();
            pauses.beat();
            assertSteady();
        }
    }

    @Test
    void a_stop_is_seen_by_who_asks_before_the_next_beat_and_after_it() {
        pass(STOP);
        assertUnsteady();

        pauses.beat();

        assertUnsteady();
    }

    @Test
    void it_is_steady_again_when_everything_was_asked_for_anew() {
        pass(STOP);
        pauses.beat();

        pauses.recoveredFrom(pauses.stops());

        assertSteady();
    }

    @Test
    void a_stop_in_the_middle_of_a_recovery_needs_another() {
        pass(STOP);
        pauses.beat();
        int known = pauses.stops();
        pass(STOP);
        pauses.beat();

        pauses.recoveredFrom(known);

        assertUnsteady();
        pauses.recoveredFrom(pauses.stops());
        assertSteady();
    }
}
