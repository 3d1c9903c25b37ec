package dev.annals.query.table;

import dev.annals.service.Worker;
import dev.annals.service.Workers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Detects pauses of this process: that it stood still, for instance frozen, or in a long collection of garbage. Others
 * may have been given its partitions meanwhile and have answered from newer rows, and nothing here knows. So nothing is
 * answered until somebody has asked anew for what may have changed. Thread-safe.
 */
public final class PauseDetector implements AutoCloseable {

    /**
     * A member of a group that is silent loses its partitions after 4 s at the earliest: a session without the pause
     * between two heartbeats.
     */
    public static final Duration LIMIT = Duration.ofSeconds(3);

    private static final Duration BEAT = Duration.ofMillis(250);

    private final LongSupplier nanos;
    private final Worker worker;
    private final AtomicInteger stops = new AtomicInteger();
    private volatile long last;
    private volatile int recovered;

    public PauseDetector(Workers workers) {
        this(System::nanoTime, workers);
    }

    /** @param nanos the time, as {@link System#nanoTime} */
    PauseDetector(LongSupplier nanos, Workers workers) {
        this.nanos = nanos;
        this.last = nanos.getAsLong();
        this.worker = workers.worker("pause-detector", () -> {
            beat();
            return BEAT;
        });
    }

    /** What was before counts for nothing. */
    public void start() {
        last = nanos.getAsLong();
        worker.start();
    }

    /** By one thread at a time. Whoever sees the new time sees the stop before it, too. */
    void beat() {
        long now = nanos.getAsLong();
        if (isTooLong(now)) {
            stops.incrementAndGet();
        }
        last = now;
    }

    private boolean isTooLong(long now) {
        return now - last > LIMIT.toNanos();
    }

    /** This instance could not hear what others heard, which is as if it had stood still. From any thread. */
    public void missedSomething() {
        stops.incrementAndGet();
    }

    /**
     * To be called before anything is looked at for an answer.
     *
     * @throws TableUnavailableException after a stop, until it is recovered from
     */
    public void requireSteady() {
        if (!isSteady()) {
            throw new TableUnavailableException(
                    "this instance stood still or was cut off from Kafka, and looks around anew");
        }
    }

    /** Whether it has not stopped, or has recovered since. */
    public boolean isSteady() {
        return !isTooLong(nanos.getAsLong()) && isRecovered();
    }

    public int stops() {
        return stops.get();
    }

    public boolean isRecovered() {
        return stops.get() == recovered;
    }

    /** Everything was asked for anew after so many stops. By one thread. */
    public void recoveredFrom(int known) {
        recovered = known;
    }

    @Override
    public void close() {
        worker.close();
    }
}
