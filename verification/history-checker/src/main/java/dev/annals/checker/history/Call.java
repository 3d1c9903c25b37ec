package dev.annals.checker.history;

import org.jspecify.annotations.Nullable;

/**
 * One request of a client. Repeats of a command are calls of their own, with the same command id.
 *
 * @param trace unique; the header {@code traceparent} carries it to the result
 * @param command the domain's record
 * @param expectedVersion null: any; 0: must not exist
 * @param channel {@code topic}, or the instance that was asked
 * @param invoked {@link System#nanoTime} before it was sent
 * @param answered {@link System#nanoTime} after the answer was there
 * @param written true where the broker has acknowledged the command itself, so that a result is owed whatever the
 *     answer
 */
public record Call(
        String trace,
        AggregateRef aggregate,
        String commandId,
        Object command,
        @Nullable Long expectedVersion,
        String channel,
        long invoked,
        long answered,
        Answer answer,
        boolean written) {

    /** For messages: what was asked, and where. */
    public String describe() {
        return "%s%s under id %s over %s (call %s)"
                .formatted(
                        command,
                        expectedVersion == null ? "" : " expecting version " + expectedVersion,
                        commandId,
                        channel,
                        trace);
    }
}
