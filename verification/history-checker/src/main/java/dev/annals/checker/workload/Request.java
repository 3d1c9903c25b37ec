package dev.annals.checker.workload;

import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.history.Answer;
import dev.annals.checker.history.Call;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends.
 *
 * @param trace see {@link Call#trace}
 * @param avro the command, as its topic has it
 */
record Request(
        String trace,
        AggregateRef aggregate,
        String commandId,
        Object command,
        GenericRecord avro,
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
