package dev.annals.query.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.service.http.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicPositionTest {

    private static final String TOPIC = "accounts.events";

    private static TopicPosition position(long... next) {
        TopicPosition position = TopicPosition.start(TOPIC, next.length);
        for (int partition = 0; partition < next.length; partition++) {
            position.set(partition, next[partition]);
        }
        return position;
    }

    private static TopicPosition parse(String text) {
        return TopicPosition.parse("Last-Event-ID", TOPIC, 3, text);
    }

    @Test
    void a_position_is_read_as_it_was_written() {
        TopicPosition read = parse(position(0, 35, Long.MAX_VALUE).toString());

        assertThat(read.next(0)).isZero();
        assertThat(read.next(1)).isEqualTo(35);
        assertThat(read.next(2)).isEqualTo(Long.MAX_VALUE);
        assertThat(position(0, 35, 36).toString()).startsWith("1.0.z.10.");
    }

    @Test
    void a_position_tells_its_topic() {
        String text = position(1, 2, 3).toString();

        assertThat(TopicPosition.isOf(TOPIC, text)).isTrue();
        assertThat(TopicPosition.isOf("accounts.view.2", text)).isFalse();
        assertThat(TopicPosition.isOf(TOPIC, "first")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "x", "1", "1.", "1.0", "1.0.0.0.0", "1.-1.0.0.0", "1.0.0.?.0", "2.0.0.0.0"})
    void what_was_never_sent_is_refused(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("Last-Event-ID: expected the id of an event that was sent here, got '" + text);
    }

    @Test
    void every_changed_character_is_found() {
        String text = position(7, 1_000, 123_456_789).toString();
        for (int i = 0; i < text.length(); i++) {
            String changed = text.substring(0, i) + (text.charAt(i) == '5' ? '6' : '5') + text.substring(i + 1);
            assertThatThrownBy(() -> parse(changed)).as(changed).isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void a_position_of_another_topic_or_of_another_number_of_partitions_is_refused() {
        String other = TopicPosition.start("orders.events", 3).toString();
        String fewer = position(1, 2).toString();

        assertThatThrownBy(() -> parse(other)).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> parse(fewer))
                .hasMessageContaining("expected a position in 3 partitions of accounts.events, got one in 2");
    }

    @Test
    void a_long_text_is_not_repeated_whole() {
        assertThatThrownBy(() -> parse("x".repeat(5_000))).message().hasSizeLessThan(200);
    }
}
