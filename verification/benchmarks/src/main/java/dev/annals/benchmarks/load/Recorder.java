package dev.annals.benchmarks.load;

import org.HdrHistogram.Histogram;

/**
 * Collects the latencies of the commands that started in the measured time, and counts the results that came in it.
 * Used by one thread at a time.
 */
final class Recorder {

    private static final long MAX_NANOS = 120_000_000_000L;
    private static final int DIGITS = 3;

    private final Schedule schedule;
    private final Histogram latency = new Histogram(MAX_NANOS, DIGITS);
    private long completed;

    Recorder(Schedule schedule) {
        this.schedule = schedule;
    }

    void record(long start, long end) {
        if (schedule.isMeasured(end)) {
            completed++;
        }
        if (schedule.isMeasured(start)) {
            latency.recordValue(Math.clamp(end - start, 1, MAX_NANOS));
        }
    }

    void add(Recorder other) {
        latency.add(other.latency);
        completed += other.completed;
    }

    Figures figures() {
        return Figures.of(latency, completed, schedule.measured());
    }
}
