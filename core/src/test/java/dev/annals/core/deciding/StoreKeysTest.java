package dev.annals.core.deciding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StoreKeysTest {

    private static int compare(byte[] a, byte[] b) {
        return Integer.signum(Arrays.compareUnsigned(a, b));
    }

    @Test
    void expiry_keys_sort_by_arrival_whatever_the_id() {
        List<byte[]> keys = Stream.of(0L, 1L, 255L, 256L, 1L << 31, 1L << 40, Long.MAX_VALUE)
                .map(arrived -> StoreKeys.expiry(arrived, StoreKeys.command("z" + -arrived, "a")))
                .toList();

        assertThat(keys).isSortedAccordingTo(Arrays::compareUnsigned);
    }

    @Test
    void the_bound_of_a_time_is_after_all_that_arrived_before_and_before_all_that_arrived_then() {
        byte[] command = StoreKeys.command("", "");

        assertThat(compare(StoreKeys.expiry(41, StoreKeys.command("\uFFFD", "~")), StoreKeys.expiryBefore(42)))
                .isEqualTo(-1);
        assertThat(compare(StoreKeys.expiryBefore(42), StoreKeys.expiry(42, command)))
                .isEqualTo(-1);
    }

    @Test
    void an_expiry_key_leads_back_to_its_command() {
        byte[] command = StoreKeys.command("grün 🌱", "order-1");
        byte[] expiry = StoreKeys.expiry(1_234_567_890_123L, command);

        assertThat(StoreKeys.commandOf(expiry)).isEqualTo(command);
        assertThat(StoreKeys.arrivalOf(expiry)).isEqualTo(1_234_567_890_123L);
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
    void states_commands_and_expiries_do_not_mix() {
        assertThat(compare(StoreKeys.command("~", "~"), StoreKeys.state("-"))).isEqualTo(-1);
        assertThat(compare(StoreKeys.state("~".repeat(200)), StoreKeys.expiryBefore(0)))
                .isEqualTo(-1);
    }
}
