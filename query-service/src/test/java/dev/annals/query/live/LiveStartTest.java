package dev.annals.query.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.query.routing.Parameters;
import dev.annals.service.http.ProblemException;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A topic whose first partition has lost its first 10 records, and ends at 30; the second has 5 records. */
class LiveStartTest {

    private static final String TOPIC = "accounts.events";
    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
    private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");

    @BeforeEach
    void fill() {
        consumer.updateBeginningOffsets(Map.of(FIRST, 10L, SECOND, 0L));
        consumer.updateEndOffsets(Map.of(FIRST, 30L, SECOND, 5L));
    }

    @AfterEach
    void close() {
        consumer.close();
    }

    private static LiveStart without(boolean first) {
        return new LiveStart(TOPIC, 2, null, Parameters.FROM, first);
    }

    private static LiveStart after(long inFirst, long inSecond) {
        TopicPosition seen = TopicPosition.start(TOPIC, 2);
        seen.set(0, inFirst);
        seen.set(1, inSecond);
        return LiveStart.at(Parameters.LAST_EVENT_ID, seen.toString(), TOPIC, 2);
    }

    private void assertStart(LiveStart start, long inFirst, long inSecond) {
        TopicPosition position = start.seek(consumer);

        assertThat(consumer.position(FIRST)).isEqualTo(inFirst).isEqualTo(position.next(0));
        assertThat(consumer.position(SECOND)).isEqualTo(inSecond).isEqualTo(position.next(1));
    }

    @Test
    void without_a_position_it_begins_after_what_is_there() {
        assertStart(without(false), 30, 5);
    }

    @Test
    void all_that_is_there_can_be_asked_for() {
        assertStart(without(true), 10, 0);
    }

    @Test
    void it_goes_on_after_the_position() {
        assertStart(after(20, 5), 20, 5);
    }

    @Test
    void what_is_gone_from_the_topic_is_passed_over() {
        assertStart(after(3, 1), 10, 1);
    }

    @Test
    void a_position_beyond_the_end_is_of_a_topic_that_is_no_more() {
        assertThatThrownBy(() -> after(20, 6).seek(consumer))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("made anew")
                .hasMessageContaining("6 in partition 1, which ends at 5");
    }
}
