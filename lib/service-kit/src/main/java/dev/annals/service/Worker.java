package dev.annals.service;

import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A supervised background thread: runs one {@link Round} after the other until it is closed.
 *
 * <p>Whatever a round throws, {@code Error}s and interrupts too, is caught, logged when it is another than before,
 * counted ({@value Workers#FAILURES}) and told by {@link Workers#reasonsAgainst} until a round succeeds; then the next
 * round is tried, after a pause that doubles from a second to four. An {@code OutOfMemoryError} ends the process before
 * it gets here, by {@code -XX:+ExitOnOutOfMemoryError}.
 *
 * <p>The thread is a daemon. All methods are thread-safe.
 */
public final class Worker implements AutoCloseable {

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

    private static final Duration END_LIMIT = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    /** What a worker does over and over, in its own thread. */
    @FunctionalInterface
    public interface Round {

        /**
         * Does what is there to do. One that stays for as long as it can, as a consumer does, goes on while
         * {@link Worker#isOpen()}, and says {@link Worker#recovered()} when it is well.
         *
         * @return the pause before the next round, which {@link Worker#wake} cuts short
         * @throws Exception of whatever kind: the next round begins anew
         */
        Duration run() throws Exception;
    }

    private final String name;
    private final Round round;
    private final Counter failures;
    private final Semaphore wakes = new Semaphore(0);
    private final Thread thread;

    private Duration grace = Duration.ofSeconds(5);
    private Runnable interruption = () -> {};
    private Runnable end = () -> {};

    private final Duration firstPause;
    private Duration nextPause; // the thread's own
    private volatile @Nullable String trouble;
    private volatile boolean closed;

    Worker(String name, Round round, Counter failures, Duration firstPause) {
        this.name = name;
        this.round = round;
        this.failures = failures;
        this.firstPause = firstPause;
        this.nextPause = firstPause;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    /**
     * How {@link #close} ends a round that waits; before {@link #start}.
     *
     * @param how called by the closing thread, for instance {@code consumer::wakeup}
     * @param limit how long the round may take from then on, before its thread is interrupted
     */
    public Worker endsWithin(Duration limit, Runnable how) {
        grace = limit;
        interruption = how;
        return this;
    }

    /**
     * What the thread does last, once, whatever happened; before {@link #start}. For what no other thread may close.
     */
    public Worker atEnd(Runnable what) {
        end = what;
        return this;
    }

    /** Starts the thread; once. */
    public Worker start() {
        thread.start();
        return this;
    }

    /** Has the next round begin at once, or once more after the one that runs. */
    public void wake() {
        wakes.release();
    }

    /** Says from within a round that it was the last: its work is done. */
    public void finish() {
        closed = true;
    }

    /** Whether a round may go on. */
    public boolean isOpen() {
        return !closed;
    }

    /** Says from within a round that stays that it does its work: what failed before is over. Cheap. */
    public void recovered() {
        if (trouble != null) {
            LOG.atInfo().addKeyValue("worker", name).log("works again");
            trouble = null;
        }
        nextPause = firstPause;
    }

    /** What is wrong, null if nothing is. */
    public @Nullable String trouble() {
        return trouble;
    }

    private void run() {
        try {
            while (!closed) {
                pause(oneRound());
            }
        } finally {
            end.run();
        }
    }

    private Duration oneRound() {
        try {
            Duration pause = round.run();
            recovered();
            return pause;
        } catch (Throwable e) { // nobody else would do this work
            return failed(e);
        }
    }

    private void pause(Duration pause) {
        try {
            if (!closed && wakes.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                wakes.drainPermits(); // whatever they were for, the next round sees it
            }
        } catch (InterruptedException e) {
            Duration unused = failed(e);
        }
    }

    private Duration failed(Throwable failure) {
        boolean wasInterrupted = Thread.interrupted(); // else the pause and the next round would end at once
        if (closed) {
            LOG.atDebug()
                    .addKeyValue("worker", name)
                    .addKeyValue("interrupted", wasInterrupted)
                    .log("ended");
            return Duration.ZERO;
        }
        Duration pause = nextPause;
        nextPause = min(pause.multipliedBy(2), LONGEST_PAUSE);
        String reason = "%s: %s".formatted(name, failure);
        if (!reason.equals(trouble)) { // a stack trace once, however often it is tried
            log(failure, pause);
        }
        trouble = reason;
        failures.increment();
        return pause;
    }

    private void log(Throwable failure, Duration pause) {
        LoggingEventBuilder line = failure instanceof KafkaException
                ? LOG.atWarn().addKeyValue("reason", failure.toString())
                : LOG.atError().setCause(failure);
        line.addKeyValue("worker", name).addKeyValue("pause", pause).log("failed, and starts over after a pause");
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * Ends the thread: returns when it has ended, or did not within its limit and one second more. Also where it was
     * never started.
     */
    @Override
    public void close() {
        closed = true;
        wakes.release();
        if (thread.getState() == Thread.State.NEW) {
            end.run();
            return;
        }
        interruption.run();
        try {
            if (!thread.join(grace)) {
                thread.interrupt();
                if (!thread.join(END_LIMIT)) {
                    LOG.atWarn().addKeyValue("worker", name).log("did not end in time");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
