package dev.annals.cli.importing;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** A line every few seconds, where no one looks on. */
final class LineProgress implements ImportProgress {

    static final Duration INTERVAL = Duration.ofSeconds(5);

    private final PrintWriter out;
    private final String task;
    private final long total;
    private final LongSupplier nanoTime;
    private final long start;
    private long lastLine;

    LineProgress(PrintWriter out, String task, long total, LongSupplier nanoTime) {
        this.out = out;
        this.task = task;
        this.total = total;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        this.lastLine = start;
    }

    @Override
    public synchronized void results(long done) {
        long now = nanoTime.getAsLong();
        if (now - lastLine >= INTERVAL.toNanos()) {
            lastLine = now;
            out.printf(
                    Locale.ROOT,
                    "%s: %,d of %,d commands decided after %d s%n",
                    task,
                    done,
                    total,
                    Duration.ofNanos(now - start).toSeconds());
            out.flush();
        }
    }

    @Override
    public void close() {}
}
