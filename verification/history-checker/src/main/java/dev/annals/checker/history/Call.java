package dev.annals.checker.history;

import org.jspecify.annotations.Nullable;

/**
 * One request of a client, or of a process. Repeats of a command are calls of their own, with the same command id.
 *
 * @param trace unique; the header {@code traceparent} carries it to the result. Of a process, which hands on the trace
 *     of what has led to its command: where the command stands, which is the result's id
 * @param command the domain's record
 * @param expectedVersion null: any; 0: must not exist
 * @param channel {@link #TOPIC}, {@link #GATEWAY}, {@link #PROCESS}, or the instance that was asked
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

    /** The channel of a command that its client has written into the topic. */
    public static final String TOPIC = "topic";

    /** The channel of a command that its client has given to a gateway in its own JVM. */
    public static final String GATEWAY = "gateway";

    /** The channel of what no client has sent. */
    public static final String PROCESS = "process";

    /** What a process sent: it waits for no answer, and nobody can tell when it asked. */
    public static Call ofProcess(
            String place, AggregateRef aggregate, String commandId, Object command, @Nullable Long expectedVersion) {
        Answer none = new Answer.Unknown("a process asked");
        return new Call(
                place,
                aggregate,
                commandId,
                command,
                expectedVersion,
                PROCESS,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                none,
                true);
    }

    /** Whether its aggregate's owner is asked first, and the topic where he does not answer in time. */
    public boolean isForTheOwner() {
        return !channel.equals(TOPIC) && !channel.equals(PROCESS);
    }

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
