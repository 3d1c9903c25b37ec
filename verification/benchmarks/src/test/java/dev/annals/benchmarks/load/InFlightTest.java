package dev.annals.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class InFlightTest {

    private final InFlight inFlight = new InFlight(2);

    @Test
    void a_command_is_taken_once() {
        inFlight.awaitPlace();
        inFlight.add(7, 42);

        assertThat(inFlight.take(7)).isEqualTo(42);
        assertThat(inFlight.take(7)).isEqualTo(InFlight.NONE);
    }

    @Test
    void it_is_empty_when_all_have_left() {
        inFlight.awaitPlace();
        inFlight.awaitPlace();
        inFlight.leave(1);
        assertThat(inFlight.isEmpty()).isFalse();

        inFlight.leave(1);
        assertThat(inFlight.isEmpty()).isTrue();
    }

    @Test
    void a_lost_command_is_found_when_its_place_is_needed() {
        inFlight.awaitPlace();
        inFlight.add(7, 42);

        assertThatThrownBy(() -> inFlight.add(7 + InFlight.RING, 43))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("has no result");
    }
}
