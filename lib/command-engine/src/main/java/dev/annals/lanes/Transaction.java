package dev.annals.lanes;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.lanes.LaneQueue.Waiting;
import dev.annals.lanes.LaneQueue.Work;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one Kafka transaction of a lane decides, and what it is to answer once it is committed. The lane's thread's own.
 *
 * @param work what was taken from the queue, to be decided again if it is aborted
 * @param term in which it was taken, see {@link LaneQueue#term}
 * @param answers results of those who wait, in the order of {@link Work#waiting}
 */
record Transaction(Work work, int term, List<@Nullable CommandResult> answers) {

    static Transaction of(Work work, int term) {
        return new Transaction(work, term, new ArrayList<>(work.waiting().size()));
    }

    /** Answers all who wait; what has no result was a command that can't be read. */
    void answer() {
        for (int i = 0; i < answers.size(); i++) {
            Waiting waiting = work.waiting().get(i);
            CommandResult result = answers.get(i);
            if (result == null) {
                waiting.caller().completeExceptionally(new IllegalArgumentException("the command can't be read"));
            } else {
                waiting.caller().complete(result);
            }
        }
    }
}
