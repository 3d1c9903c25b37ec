package dev.annals.cli;

import dev.annals.quickstart.Progress;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Tells how a start goes: a line for each process that is ready and, on a terminal, one that says what is waited for. */
final class UpProgress implements Progress {
    private static final String CLEAR_LINE = "\r\033[K";

    private final PrintWriter out;
    private final boolean terminal;

    private UpProgress(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    static Progress on(PrintWriter out, boolean terminal) {
        return new UpProgress(out, terminal);
    }

    static Progress silent() {
        return on(new PrintWriter(Writer.nullWriter()), false);
    }

    @Override
    public void ready(String title, Duration sinceStart) {
        out.printf(Locale.ROOT, "%s%-18s ready after %.1f s%n", terminal ? CLEAR_LINE : "", title, seconds(sinceStart));
        out.flush();
    }

    @Override
    public void waiting(List<String> titles, Duration sinceStart) {
        if (terminal) {
            out.printf(
                    Locale.ROOT,
                    "%s%.0f s, waiting for %s",
                    CLEAR_LINE,
                    seconds(sinceStart),
                    String.join(", ", titles));
            out.flush();
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
