package dev.annals.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.deciding.RecordDecider.Asked;
import dev.annals.lanes.LaneQueue.Polled;
import dev.annals.lanes.LaneQueue.Waiting;
import dev.annals.lanes.LaneQueue.Work;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

class LaneQueueTest {

    private static final Duration AT_ONCE = Duration.ZERO;

    private final LaneQueue queue = new LaneQueue(2, 100);

    private static Polled polled(long bytes) {
        return new Polled(List.of(), Map.of(), bytes);
    }

    private static Waiting waiting(long bytes) {
        Record<byte[], byte[]> record = new Record<>(new byte[0], new byte[0], 0);
        return new Waiting(new Asked(record, null, "direct-1", false), 0, bytes, new CompletableFuture<>());
    }

    @Test
    void gives_what_was_polled_and_what_callers_handed_over() throws Exception {
        Polled batch = polled(10);
        Waiting caller = waiting(10);
        queue.add(batch);
        queue.offer(caller);

        assertThat(queue.take(AT_ONCE, 4, queue.term())).isEqualTo(new Work(List.of(batch), List.of(caller)));
        assertThat(queue.take(AT_ONCE, 4, queue.term()).isEmpty()).isTrue();
    }

    @Test
    void is_full_by_count_and_by_bytes() {
        assertThat(queue.offer(waiting(60))).isTrue();
        assertThat(queue.offer(waiting(60))).isFalse();
        assertThat(queue.offer(waiting(10))).isTrue();
        assertThat(queue.offer(waiting(10))).isFalse();
        assertThat(queue.add(polled(60))).isTrue();
        assertThat(queue.hasRoom()).isFalse();
        assertThat(queue.add(polled(60))).isFalse();
    }

    /** Whoever owned the lane before must neither decide nor lose what was polled for the next. */
    @Test
    void what_was_polled_in_a_term_is_taken_in_that_term_alone() throws Exception {
        int before = queue.term();
        queue.add(polled(1));
        queue.renew();
        Polled after = polled(2);
        queue.add(after);

        assertThat(queue.take(AT_ONCE, 4, before).isEmpty()).isTrue();
        assertThat(queue.take(AT_ONCE, 4, queue.term()).polled()).containsExactly(after);
    }

    @Test
    void callers_are_not_forgotten_with_what_was_polled() {
        Waiting caller = waiting(10);
        queue.offer(caller);
        queue.renew();

        assertThat(queue.takeWaiting()).containsExactly(caller);
        assertThat(queue.takeWaiting()).isEmpty();
    }
}
