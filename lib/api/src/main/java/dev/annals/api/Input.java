package dev.annals.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ProcessManager} is told. Each input comes to an instance once, whatever crashes; those of one aggregate
 * in the order of its versions, those of different aggregates in any order.
 */
public sealed interface Input {

    /**
     * The time to reckon with, UTC, in microseconds: of an event its own, of a timer when it was due, of an answer that
     * of the input whose command is answered.
     */
    Instant time();

    /**
     * An event of an aggregate that the process follows.
     *
     * @param aggregateId whose event
     * @param version its place in the aggregate's stream; see {@link RecordedEvent}
     * @param time the time of the command that caused it ({@code ce_time})
     * @param event the fact, of one of {@link ProcessManager#events}
     */
    record Happened(String aggregateId, long version, Instant time, Object event) implements Input {}

    /**
     * What became of a command that the process sent. One that never comes to be answered (its topic was lost, say) has
     * no such input: set a timer where that matters.
     *
     * @param aggregateId to whom the command was sent
     * @param command as it was sent
     * @param outcome how it ended
     * @param version of the aggregate: after the command when accepted, else as it is; -1 where that isn't known
     * @param code why not, for machines; null when accepted
     * @param message why not, for people; null when accepted
     */
    record Answered(
            String aggregateId,
            Object command,
            Outcome outcome,
            long version,
            @Nullable String code,
            @Nullable String message,
            Instant time)
            implements Input {}

    /**
     * A timer that was set with {@link Effect.At} has run out. Never early; late where nobody was there to tell.
     *
     * @param timer its name
     * @param time when it was due
     */
    record Due(String timer, Instant time) implements Input {}

    /** How a command can end. */
    enum Outcome {
        /** Its events are durable. */
        ACCEPTED,
        /** A rule forbids it; the code says which. */
        REJECTED,
        /**
         * It could not be read, or a bug kept it from being decided; it is in the dead letters. When it is sent again
         * from there it is answered again.
         */
        FAILED
    }
}
