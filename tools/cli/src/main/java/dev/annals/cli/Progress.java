package dev.annals.cli;

import dev.annals.operations.ProgressListener;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Progress for a person: a bar for each task on a terminal, elsewhere a line every few seconds, with rate and time
 * left. Thread-safe.
 */
final class Progress implements ProgressListener, AutoCloseable {

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final int REFRESH_MS = 200;

    private final PrintWriter err;
    private final String what;
    private final boolean silent;
    private @Nullable String task;
    private @Nullable ProgressBar bar;
    private long begun;
    private long first;
    private long lastLine;

    /** @param what is counted, such as {@code events} */
    Progress(PrintWriter err, String what, boolean silent) {
        this.err = err;
        this.what = what;
        this.silent = silent;
    }

    @Override
    public synchronized void progress(String name, long done, long total) {
        if (silent) {
            return;
        }
        if (!name.equals(task)) {
            close();
            task = name;
            bar = Output.isTerminal() ? newBar(name, total) : null;
            first = done;
            begun = System.nanoTime();
            lastLine = begun;
        }
        if (bar != null) {
            bar.maxHint(total);
            bar.stepTo(done);
        } else if (System.nanoTime() - lastLine >= INTERVAL.toNanos()) {
            lastLine = System.nanoTime();
            err.println(line(name, done, total, lastLine - begun));
            err.flush();
        }
    }

    private static ProgressBar newBar(String task, long total) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REFRESH_MS)
                .showSpeed()
                .setSpeedUnit(ChronoUnit.SECONDS)
                .build();
    }

    private String line(String name, long done, long total, long nanos) {
        double rate = (done - first) / (nanos / 1e9);
        String of = total == UNKNOWN ? "" : String.format(Locale.ROOT, " of %,d", total);
        String left = total == UNKNOWN || rate <= 0
                ? ""
                : String.format(Locale.ROOT, ", %,d s left", Math.round((total - done) / rate));
        return String.format(
                Locale.ROOT,
                "%s: %,d%s %s after %d s, %,.0f/s%s",
                name,
                done,
                of,
                what,
                Duration.ofNanos(nanos).toSeconds(),
                rate,
                left);
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
