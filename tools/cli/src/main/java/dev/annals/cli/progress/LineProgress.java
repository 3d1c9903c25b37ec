package dev.annals.cli.progress;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** A line every few seconds, where no one looks on. */
final class LineProgress implements Progress {

    static final Duration INTERVAL = Duration.ofSeconds(5);

    private final PrintWriter out;
    private final String task;
    private final String what;
    private final LongSupplier nanoTime;
    private final long start;
    private long total;
    private long first = UNKNOWN;
    private long lastLine;

    LineProgress(PrintWriter out, String task, String what, long total, LongSupplier nanoTime) {
        this.out = out;
        this.task = task;
        this.what = what;
        this.total = total;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        this.lastLine = start;
    }

    @Override
    public synchronized void total(long count) {
        total = count;
    }

    @Override
    public synchronized void done(long count) {
        first = first == UNKNOWN ? count : first;
        long now = nanoTime.getAsLong();
        if (now - lastLine >= INTERVAL.toNanos()) {
            lastLine = now;
            out.println(line(count, now - start));
            out.flush();
        }
    }

    private String line(long done, long nanos) {
        double rate = (done - first) / (nanos / 1e9);
        String so = total == UNKNOWN
                ? String.format(Locale.ROOT, "%s: %,d %s", task, done, what)
                : String.format(Locale.ROOT, "%s: %,d of %,d %s", task, done, total, what);
        String left = total == UNKNOWN || rate <= 0
                ? ""
                : String.format(Locale.ROOT, ", %,d s left", Math.round((total - done) / rate));
        return String.format(
                Locale.ROOT,
                "%s after %d s, %,.0f/s%s",
                so,
                Duration.ofNanos(nanos).toSeconds(),
                rate,
                left);
    }

    @Override
    public void close() {}
}
