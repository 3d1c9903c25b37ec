package dev.annals.engine.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventKeyTest {

    @Test
    void is_the_aggregate_id_and_the_version_in_19_digits() {
        assertThat(new EventKey("order-1", 42)).hasToString("order-1/0000000000000000042");
        assertThat(new EventKey("o", Long.MAX_VALUE)).hasToString("o/9223372036854775807");
    }

    @Test
    void is_read_as_it_is_written() {
        EventKey key = new EventKey("A.b_c:d~e-9", 1_000);

        assertThat(EventKey.parse(key.toString())).isEqualTo(key);
        assertThat(EventKey.parse(key.toBytes())).isEqualTo(key);
    }

    @Test
    void keys_sort_in_the_order_of_the_stream() {
        List<String> keys = LongStream.of(1, 2, 9, 10, 99, 100, 1_000_000, Long.MAX_VALUE)
                .mapToObj(version -> new EventKey("a", version).toString())
                .toList();

        assertThat(keys).isSorted();
    }

    @Test
    void the_stream_of_an_id_is_apart_from_that_of_a_longer_one() {
        String lastOfA = new EventKey("a", Long.MAX_VALUE).toString();

        assertThat(new EventKey("a0", 1).toString()).isGreaterThan(lastOfA);
        assertThat(new EventKey("a-1", 1).toString()).isLessThan(new EventKey("a", 1).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a/1",
                "/0000000000000000001",
                "a-0000000000000000001",
                "a/000000000000000000x",
                "a/+000000000000000001",
                "a/-000000000000000001",
                "a/٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠١",
                "a/0000001099511627777",
                "a/9223372036854775807",
                "a/9999999999999999999"
            })
    void anything_else_is_refused_and_quoted(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventKey.parse(text))
                .withMessageContaining("event key '" + text + "'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventKey.parse(text.getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining("event key '" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/0000000000000000000",
                "a/0000001099511627776",
                "ä/0000000000000000001",
                "a/b/0000000000000000001"
            })
    void bytes_are_read_as_their_text(String text) {
        assertThat(EventKey.parse(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(EventKey.parse(text));
    }

    @Test
    void bytes_that_are_no_text_are_read_as_what_they_show() {
        byte[] bytes = new EventKey("ab", 7).toBytes();
        bytes[0] = (byte) 0xC3;

        assertThat(EventKey.parse(bytes)).isEqualTo(EventKey.parse(new String(bytes, StandardCharsets.UTF_8)));
    }

    @Test
    void a_version_below_0_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new EventKey("a", -1));
    }
}
