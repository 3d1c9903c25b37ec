package dev.annals.benchmarks.load;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * What was measured: results a second, and latencies in milliseconds.
 *
 * @param commands whose latency was measured
 */
record Figures(double perSecond, double p50, double p99, double p999, double max, long commands) {

    private static final double NANOS_IN_MILLI = 1e6;
    private static final double NANOS_IN_SECOND = 1e9;

    static Figures of(Histogram nanos, long completed, Duration measured) {
        return new Figures(
                completed * NANOS_IN_SECOND / measured.toNanos(),
                nanos.getValueAtPercentile(50) / NANOS_IN_MILLI,
                nanos.getValueAtPercentile(99) / NANOS_IN_MILLI,
                nanos.getValueAtPercentile(99.9) / NANOS_IN_MILLI,
                nanos.getMaxValue() / NANOS_IN_MILLI,
                nanos.getTotalCount());
    }

    /** Each figure's median; the commands are summed up. */
    static Figures median(List<Figures> rounds) {
        return new Figures(
                median(rounds, Figures::perSecond),
                median(rounds, Figures::p50),
                median(rounds, Figures::p99),
                median(rounds, Figures::p999),
                median(rounds, Figures::max),
                rounds.stream().mapToLong(Figures::commands).sum());
    }

    private static double median(List<Figures> rounds, ToDoubleFunction<Figures> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no rounds");
        }
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,9.0f/s  p50 %7.2f  p99 %7.2f  p99.9 %7.2f  max %7.2f ms",
                perSecond,
                p50,
                p99,
                p999,
                max);
    }
}
