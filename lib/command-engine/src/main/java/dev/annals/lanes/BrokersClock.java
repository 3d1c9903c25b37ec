package dev.annals.lanes;

import java.time.Duration;
import java.time.InstantSource;

/**
 * The time as brokers have it: by our own clock until they have said otherwise, since results are stamped by them. A
 * command of a caller has the time of its sender's clock, and one that is ahead would date events into the future,
 * where brokers refuse them. One thread at a time.
 */
final class BrokersClock {

    /** What clocks may differ by, and what an answer takes. */
    private static final Duration TOLERATED = Duration.ofSeconds(10);

    /** How far our clock is set back for each refusal, while no broker has said its time. */
    private static final Duration STEP = Duration.ofHours(1);

    private final InstantSource own;
    private boolean known;
    private long stamp;
    private long stampedAt;
    private Duration setBack = Duration.ZERO;

    BrokersClock(InstantSource own) {
        this.own = own;
    }

    /** @param millis since the epoch, by a broker's clock, a moment ago */
    void stamped(long millis) {
        known = true;
        stamp = millis;
        stampedAt = System.nanoTime();
    }

    /**
     * Brokers refuse times of ours, so our clock is ahead of theirs.
     *
     * @param newest time that a broker has told at all, in milliseconds since the epoch; 0 if none has
     */
    void refused(long newest) {
        if (!known && newest > 0) {
            stamped(newest);
        } else if (!known) {
            setBack = setBack.plus(STEP);
        }
    }

    /** The time of a record, or the brokers' where it is ahead of them; in milliseconds since the epoch. */
    long believed(long time) {
        long now = known
                ? stamp + Duration.ofNanos(System.nanoTime() - stampedAt).toMillis()
                : own.millis() - setBack.toMillis();
        return time - now > TOLERATED.toMillis() ? now : time;
    }
}
