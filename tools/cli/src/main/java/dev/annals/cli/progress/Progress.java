package dev.annals.cli.progress;

import dev.annals.cli.client.Terminal;
import java.io.PrintWriter;

/** Is told how long work goes, from any thread. */
public interface Progress extends AutoCloseable {

    /** There is no knowing how much it is. */
    long UNKNOWN = -1;

    /** How much is done, of all there is. */
    void done(long count);

    /** It is more than was known, or less. */
    void total(long count);

    @Override
    void close();

    /**
     * Tells a person: with a bar on a terminal, with a line every few seconds elsewhere, each with rate and time left.
     *
     * @param task what is being done
     * @param what is counted, such as {@code events}
     */
    static Progress of(PrintWriter err, String task, String what, long total) {
        return Terminal.isInteractive()
                ? new BarProgress(task, total)
                : new LineProgress(err, task, what, total, System::nanoTime);
    }

    /** Tells nobody. */
    static Progress silent() {
        return new Progress() {
            @Override
            public void done(long count) {}

            @Override
            public void total(long count) {}

            @Override
            public void close() {}
        };
    }
}
