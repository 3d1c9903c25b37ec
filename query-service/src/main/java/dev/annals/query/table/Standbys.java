package dev.annals.query.table;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StandbyUpdateListener;
import org.apache.kafka.streams.processor.TaskId;

/**
 * Follows the standbys of a table on this instance, but not those of what a {@link SideStore} keeps. Called by the
 * threads that update them.
 */
final class Standbys implements StandbyUpdateListener {

    private final Progress progress = Progress.ofStandbys();
    private final String topic;
    private final Waiters waiters;

    /** @param topic of the table */
    Standbys(String topic, Waiters waiters) {
        this.topic = topic;
        this.waiters = waiters;
    }

    Progress progress() {
        return progress;
    }

    @Override
    public void onUpdateStart(TopicPartition partition, String store, long startingOffset) {
        if (isOfTable(partition)) {
            progress.assigned(partition.partition());
            progress.position(partition.partition(), startingOffset);
        }
    }

    @Override
    public void onBatchLoaded(
            TopicPartition partition, String store, TaskId task, long batchEnd, long batchSize, long currentEnd) {
        if (isOfTable(partition)) {
            progress.processed(partition.partition(), batchEnd, 0);
            waiters.moved(); // which keys changed is not said
        }
    }

    @Override
    public void onUpdateSuspended(
            TopicPartition partition, String store, long storeOffset, long currentEnd, SuspendReason reason) {
        if (isOfTable(partition)) {
            progress.revoked(partition.partition());
            waiters.moved(); // what is restored from here on, until it is active, tells nobody
        }
    }

    private boolean isOfTable(TopicPartition partition) {
        return partition.topic().equals(topic);
    }
}
