package dev.annals.lanes;

/**
 * What the lanes of a type have done on this instance since it started, and what they have to do.
 *
 * @param direct commands of callers that were decided
 * @param polled commands of the topic that were decided
 * @param transactions that were committed
 * @param failures transactions that were aborted, and beginnings anew
 * @param waiting commands of callers that wait now
 * @param unread events and results that are still to be read before lanes of this instance decide
 */
public record LaneCounts(long direct, long polled, long transactions, long failures, long waiting, long unread) {

    static final LaneCounts NONE = new LaneCounts(0, 0, 0, 0, 0, 0);

    LaneCounts plus(LaneCounts other) {
        return new LaneCounts(
                direct + other.direct,
                polled + other.polled,
                transactions + other.transactions,
                failures + other.failures,
                waiting + other.waiting,
                unread + other.unread);
    }
}
