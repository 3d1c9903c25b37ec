package dev.annals.lanes;

import dev.annals.engine.rebuilding.Rebuild.StoppedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A daemon thread that does one thing again and again; what fails is tried again after a pause, which grows. */
final class WorkLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkLoop.class);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

    private final Work work;
    private final Duration firstPause;
    private final Duration closeLimit;
    private final Thread thread;

    private volatile boolean closed;
    private volatile @Nullable String trouble;
    private volatile boolean succeeded;

    /** By the thread alone, but for {@link #wake}. */
    interface Work {

        /** Does it, and returns at the latest when the loop is closed. */
        void run() throws Exception;

        /** It failed: what is left of it goes. */
        void failed(Throwable failure);

        /** It is not done any more. */
        void end();

        /** Has {@link #run} look up at once; by any thread. */
        void wake();
    }

    WorkLoop(String name, Work work, Duration firstPause, Duration closeLimit) {
        this.work = work;
        this.firstPause = firstPause;
        this.closeLimit = closeLimit;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean isClosed() {
        return closed;
    }

    /** What is wrong; null if nothing is. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /** Tells once, until it is well again or something else is wrong. */
    void trouble(Throwable cause, String what) {
        String reason = String.valueOf(cause instanceof StoppedException ? cause.getMessage() : cause);
        if (!reason.equals(trouble)) {
            LOG.atWarn().addKeyValue("thread", thread.getName()).setCause(cause).log(what);
        }
        trouble = reason;
    }

    /** All is well again. */
    void well() {
        trouble = null;
        succeeded = true;
    }

    private void run() {
        Duration pause = firstPause;
        while (!closed) {
            try {
                work.run();
                well();
            } catch (InterruptedException e) {
                LOG.atDebug().addKeyValue("thread", thread.getName()).log("interrupted");
            } catch (Throwable e) { // nobody else would do it
                trouble(e, "begins anew after a pause");
                work.failed(e);
                pause = succeeded ? firstPause : pause;
                succeeded = false;
                sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
        work.end();
    }

    /** Returns early when it is interrupted, which {@link #close} does. */
    void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            LOG.atDebug().addKeyValue("thread", thread.getName()).log("interrupted");
        }
    }

    @Override
    public void close() {
        closed = true;
        work.wake();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            if (!thread.join(closeLimit)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
