package dev.annals.engine.deciding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreKeysTest {

    private static int compare(byte[] a, byte[] b) {
        return Integer.signum(Arrays.compareUnsigned(a, b));
    }

    @Test
    void the_range_of_a_command_id_holds_its_aggregates_and_no_other_id() {
        byte[] from = StoreKeys.firstOfCommand("c1");
        byte[] to = StoreKeys.afterCommand("c1");

        for (String aggregate : List.of("-", "a", "~", "x".repeat(200))) {
            byte[] key = StoreKeys.command("c1", aggregate);
            assertThat(compare(from, key)).isNotEqualTo(1);
            assertThat(compare(key, to)).isEqualTo(-1);
        }
        for (String other : List.of("c", "c0", "c2", "c1 ", "c11", "c1ä", "c1\uD83C\uDF31")) {
            byte[] key = StoreKeys.command(other, "a");
            assertThat(compare(key, from) < 0 || compare(key, to) > 0).isTrue();
        }
    }

    @Test
    void states_and_commands_do_not_mix() {
        for (byte[] command : List.of(StoreKeys.command(" ", "-"), StoreKeys.command("\uFFFD", "~"))) {
            assertThat(compare(StoreKeys.firstCommand(), command)).isEqualTo(-1);
            assertThat(compare(command, StoreKeys.firstState())).isEqualTo(-1);
        }
        for (byte[] state : List.of(StoreKeys.state("-"), StoreKeys.state("~"))) {
            assertThat(compare(StoreKeys.firstState(), state)).isEqualTo(-1);
            assertThat(compare(state, StoreKeys.afterStates())).isEqualTo(-1);
        }
    }

    @Test
    void no_key_is_between_a_key_and_the_one_after() {
        byte[] key = StoreKeys.command("c1", "a");

        assertThat(compare(key, StoreKeys.after(key))).isEqualTo(-1);
        assertThat(compare(StoreKeys.after(key), StoreKeys.command("c1", "a-"))).isEqualTo(-1);
    }
}
