package dev.annals.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PendingCommandsTest {

    private Instant now = Instant.EPOCH;
    private final PendingCommands pending = new PendingCommands(() -> now);

    @Test
    void a_command_is_pending_until_its_result_is_known() {
        pending.add("c1");
        assertThat(pending.contains("c1")).isTrue();
        assertThat(pending.contains("c2")).isFalse();

        pending.remove("c1");
        assertThat(pending.contains("c1")).isFalse();
    }

    @Test
    void one_whose_result_never_came_is_forgotten() {
        pending.add("c1");
        now = now.plus(PendingCommands.FORGOTTEN_AFTER);
        assertThat(pending.contains("c1")).isTrue();

        now = now.plusMillis(1);
        assertThat(pending.contains("c1")).isFalse();
    }
}
