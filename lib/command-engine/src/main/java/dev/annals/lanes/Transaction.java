package dev.annals.lanes;

import dev.annals.lanes.LaneQueue.Waiting;
import dev.annals.lanes.LaneQueue.Work;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one Kafka transaction of a lane decides, and what it is to answer once it is committed. The lane's thread's own,
 * until it is answered.
 *
 * @param work what was taken from the queue, to be decided again if it is aborted
 * @param term in which it was taken, see {@link LaneQueue#term}
 * @param answers for those who wait, in the order of {@link Work#waiting}; null of what can't be read
 */
record Transaction(Work work, int term, List<@Nullable CommandAnswer> answers) {

    static Transaction of(Work work, int term) {
        return new Transaction(work, term, new ArrayList<>(work.waiting().size()));
    }

    static IllegalArgumentException unreadable() {
        return new IllegalArgumentException("the command can't be read, and nobody can be told why: it has no id");
    }

    /** Answers all who wait; by any thread, once. */
    void answer() {
        for (int i = 0; i < answers.size(); i++) {
            Waiting waiting = work.waiting().get(i);
            CommandAnswer answer = answers.get(i);
            if (answer == null) {
                waiting.caller().completeExceptionally(unreadable());
            } else {
                waiting.caller().complete(answer);
            }
        }
    }
}
