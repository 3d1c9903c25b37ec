package dev.annals.query.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StandbyUpdateListener.SuspendReason;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;

class StandbysTest {

    private static final int PARTITION = 2;
    private static final TopicPartition PLACE = new TopicPartition("rows", PARTITION);

    private final Waiters waiters = new Waiters();
    private final Standbys standbys = new Standbys(PLACE.topic(), waiters);

    /**
     * Of what a consumer hands over before the copy has begun, and of what it restores otherwise, it wants to know
     * nothing.
     */
    @Test
    void a_copy_is_served_when_all_is_in_the_store_that_was_in_the_topic_when_it_came() {
        standbys.progress().delivered(PARTITION, 99);
        standbys.onUpdateStart(PLACE, "store", 3);
        standbys.progress().target(PARTITION, 0, 8);
        assertThat(standbys.progress().isServing(PARTITION)).isFalse();

        standbys.progress().delivered(PARTITION, 6);
        standbys.progress().position(PARTITION, 8); // the last is a marker
        assertThat(standbys.progress().isServing(PARTITION)).isFalse();

        standbys.onBatchLoaded(PLACE, "store", new TaskId(0, PARTITION), 6, 4, 8);
        standbys.progress().check();
        assertThat(standbys.progress().isServing(PARTITION)).isTrue();
    }

    @Test
    void what_is_kept_beside_a_copy_says_nothing_of_the_copy() {
        TopicPartition kept = new TopicPartition("kept-changelog", PARTITION);
        standbys.onUpdateStart(PLACE, "store", 3);
        standbys.progress().target(PARTITION, 0, 8);

        standbys.onUpdateStart(kept, TopicTable.KEPT, 20);
        standbys.onBatchLoaded(kept, TopicTable.KEPT, new TaskId(0, PARTITION), 20, 1, 21);
        standbys.progress().check();
        assertThat(standbys.progress().isServing(PARTITION)).isFalse();
        assertThat(standbys.progress().withoutTarget()).isEmpty();

        standbys.onUpdateSuspended(kept, TopicTable.KEPT, 21, 21, SuspendReason.MIGRATED);
        assertThat(standbys.progress().here()).containsExactly(PARTITION);
    }

    @Test
    void who_waits_looks_again_when_a_copy_changes_and_when_it_is_one_no_longer() throws InterruptedException {
        standbys.onUpdateStart(PLACE, "store", 0);
        try (Waiters.Waiter waiter = waiters.enter(new byte[] {1})) {
            standbys.onBatchLoaded(PLACE, "store", new TaskId(0, PARTITION), 0, 1, 1);
            assertThat(waiter.await(0)).isTrue();

            standbys.onUpdateSuspended(PLACE, "store", 0, 1, SuspendReason.PROMOTED);
            assertThat(waiter.await(0)).isTrue();
            assertThat(waiter.await(Duration.ofMillis(1).toNanos())).isFalse();
        }
    }
}
