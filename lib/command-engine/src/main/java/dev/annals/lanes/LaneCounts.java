package dev.annals.lanes;

/**
 * What the lanes of a type have done on this instance since it started, and what they have to do.
 *
 * @param direct commands of callers that were decided
 * @param polled commands of the topic that were decided
 * @param events that were appended
 * @param deadLetters that were written
 * @param transactions that were committed
 * @param commitNanos what their commits took together
 * @param failures transactions that were aborted, and beginnings anew
 * @param waiting commands of callers that wait now
 * @param unread events and results that are still to be read before lanes of this instance decide
 */
public record LaneCounts(
        long direct,
        long polled,
        long events,
        long deadLetters,
        long transactions,
        long commitNanos,
        long failures,
        long waiting,
        long unread) {

    static final LaneCounts NONE = new LaneCounts(0, 0, 0, 0, 0, 0, 0, 0, 0);

    LaneCounts plus(LaneCounts other) {
        return new LaneCounts(
                direct + other.direct,
                polled + other.polled,
                events + other.events,
                deadLetters + other.deadLetters,
                transactions + other.transactions,
                commitNanos + other.commitNanos,
                failures + other.failures,
                waiting + other.waiting,
                unread + other.unread);
    }
}
