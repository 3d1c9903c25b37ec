package dev.annals.checker.workload;

import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.history.Answer;
import dev.annals.checker.history.Call;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends.
 *
 * @param trace see {@link Call#trace}
 */
record Request(
        String trace,
        AggregateRef aggregate,
        String commandId,
        Object command,
        @Nullable Long expectedVersion) {

    /** What became of it, now. */
    Call answered(String channel, long invoked, Answer answer, boolean written) {
        return new Call(
                trace,
                aggregate,
                commandId,
                command,
                expectedVersion,
                channel,
                invoked,
                System.nanoTime(),
                answer,
                written);
    }
}
