package dev.annals.query.table;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StandbyUpdateListener;
import org.apache.kafka.streams.processor.TaskId;

/** Follows the standbys of a table on this instance. Called by the threads that update them. */
final class Standbys implements StandbyUpdateListener {

    private final Progress progress = Progress.ofStandbys();
    private final Waiters waiters;

    Standbys(Waiters waiters) {
        this.waiters = waiters;
    }

    Progress progress() {
        return progress;
    }

    @Override
    public void onUpdateStart(TopicPartition partition, String store, long startingOffset) {
        progress.assigned(partition.partition());
        progress.position(partition.partition(), startingOffset);
    }

    @Override
    public void onBatchLoaded(
            TopicPartition partition, String store, TaskId task, long batchEnd, long batchSize, long currentEnd) {
        progress.processed(partition.partition(), batchEnd, 0);
        waiters.moved(); // which keys changed is not said
    }

    @Override
    public void onUpdateSuspended(
            TopicPartition partition, String store, long storeOffset, long currentEnd, SuspendReason reason) {
        progress.revoked(partition.partition());
        waiters.moved(); // what is restored from here on, until it is active, tells nobody
    }
}
