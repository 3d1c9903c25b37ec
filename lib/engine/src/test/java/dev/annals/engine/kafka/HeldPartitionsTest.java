package dev.annals.engine.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeldPartitionsTest {

    private static final TopicPartition A = new TopicPartition("commands", 0);
    private static final TopicPartition B = new TopicPartition("commands", 1);

    private final HeldPartitions held = new HeldPartitions();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none"); // as those of Streams

    @BeforeEach
    void poll_once() {
        consumer.assign(Set.of(A, B));
        held.beforePoll(consumer);
    }

    @Test
    void none_can_be_held_on_a_thread_with_another_consumer() {
        assertThat(new HeldPartitions().hold(A)).isFalse();
        assertThat(held.hold(A)).isTrue();
    }

    @Test
    void stay_paused_whatever_streams_resumes() {
        held.hold(A);
        held.beforePoll(consumer);
        consumer.resume(Set.of(A, B));
        held.beforePoll(consumer);

        assertThat(consumer.paused()).containsExactly(A);
    }

    @Test
    void come_again_when_what_was_written_before_their_release_is_committed() {
        held.hold(A);
        held.committed();
        held.release(A);
        held.beforePoll(consumer);
        assertThat(consumer.paused()).containsExactly(A);

        held.committed();
        held.beforePoll(consumer);
        assertThat(consumer.paused()).isEmpty();
    }

    /** With nothing to commit there may be no transaction for long. */
    @Test
    void that_nothing_was_written_for_come_again_at_the_next_poll() {
        held.hold(A);
        held.beforePoll(consumer);
        held.letGo(A);
        held.beforePoll(consumer);

        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void of_another_thread_by_now_are_let_be() {
        held.hold(A);
        consumer.assign(Set.of(B));
        held.beforePoll(consumer);
        held.drop(A);
        held.beforePoll(consumer);

        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void have_their_place_committed_again_with_every_transaction() {
        OffsetAndMetadata place = new OffsetAndMetadata(7, "kept by Streams");
        consumer.commitSync(Map.of(A, place));
        held.hold(A);

        assertThat(held.with(Map.of())).isEqualTo(Map.of(A, place));
    }

    @Test
    void without_a_committed_place_have_the_beginning_even_before_anything_was_polled() {
        consumer.updateBeginningOffsets(Map.of(A, 3L));
        held.hold(A);

        assertThat(held.with(Map.of())).isEqualTo(Map.of(A, new OffsetAndMetadata(3)));
    }

    @Test
    void never_set_back_what_streams_commits() {
        OffsetAndMetadata ofStreams = new OffsetAndMetadata(8);
        consumer.commitSync(Map.of(A, new OffsetAndMetadata(7)));
        held.hold(A);

        assertThat(held.with(Map.of(A, ofStreams))).isEqualTo(Map.of(A, ofStreams));
        held.release(A);
        held.committed();
        assertThat(held.with(Map.of())).isEmpty();
    }
}
