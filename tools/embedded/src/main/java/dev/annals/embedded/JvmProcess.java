package dev.annals.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A child JVM that can be started, stopped, crashed, frozen and started again, always with the same command, and so on
 * the same data and the same port.
 *
 * <p>Not thread-safe, except that {@link #kill}, {@link #isRunning} and {@link #pid} may be called from any thread
 * while the process runs. It ends with this JVM ({@link Lifetime#WITH_PARENT}).
 */
public class JvmProcess implements AutoCloseable {
    private static final long POLL_MILLIS = 25;
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private final JvmCommand command;
    private final BooleanSupplier ready;
    private final Duration startLimit;
    private final Duration stopLimit;
    private volatile @Nullable Process process;
    private volatile @Nullable Thread killAtExit;

    /**
     * @param ready is asked again and again until it is true; must return within a second or so and not throw
     * @param startLimit from start to ready
     * @param stopLimit from SIGTERM to kill
     */
    public JvmProcess(JvmCommand command, BooleanSupplier ready, Duration startLimit, Duration stopLimit) {
        this.command = command;
        this.ready = ready;
        this.startLimit = startLimit;
        this.stopLimit = stopLimit;
    }

    /**
     * Starts the process and waits until it is ready. Does nothing when it is running.
     *
     * @throws StartFailedException if it ends or is not ready within the limit; it is then not running
     */
    public final void start() {
        if (isRunning()) {
            return;
        }
        Process started = command.start(Lifetime.WITH_PARENT);
        process = started;
        killAtExit(started);
        awaitReady(started);
    }

    /** Asks the process to end (SIGTERM), waits up to the limit, then kills it. Does nothing when it is not running. */
    public final void stop() {
        Process running = process;
        if (running == null) {
            return;
        }
        // Not Process.destroy: it also closes the pipe, by whose end a child takes its parent for dead and halts.
        running.toHandle().destroy();
        if (!endsWithin(running, stopLimit)) {
            running.destroyForcibly();
        }
        awaitEnd(running);
    }

    /** Ends the process as a crash does (SIGKILL) and waits until it is gone. Does nothing when it is not running. */
    public final void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            awaitEnd(running);
        }
    }

    /**
     * Freezes the process (SIGSTOP): its connections stay open and nothing answers, as in a long pause or a lost
     * network.
     */
    public final void pause() {
        signal("STOP");
    }

    /** Lets a frozen process go on (SIGCONT). */
    public final void resume() {
        signal("CONT");
    }

    /** {@link #stop}, then {@link #start}: the same data, the same port. */
    public final void restart() {
        stop();
        start();
    }

    public final boolean isRunning() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /** The id of the running process. */
    public final long pid() {
        return running().pid();
    }

    @Override
    public final void close() {
        stop();
    }

    private Process running() {
        Process running = process;
        if (running == null || !running.isAlive()) {
            throw new IllegalStateException(command.name() + " is not running");
        }
        return running;
    }

    private void awaitReady(Process started) {
        long deadline = System.nanoTime() + startLimit.toNanos();
        while (!ready.getAsBoolean()) {
            if (endsWithin(started, Duration.ofMillis(POLL_MILLIS))) {
                awaitEnd(started);
                throw failed("ended with exit code " + started.exitValue() + " while starting");
            }
            if (System.nanoTime() > deadline) {
                kill();
                throw failed("was not ready within " + startLimit.toSeconds() + " s");
            }
        }
    }

    private StartFailedException failed(String what) {
        String cause = LogTail.cause(command.logFile()).orElse("it logged nothing");
        return new StartFailedException(
                command.name() + " " + what + ": " + cause + " (log: " + command.logFile() + ")");
    }

    /**
     * A frozen child can't see its parent go, so the parent's orderly exit kills it; the pipe covers the other exits.
     */
    private void killAtExit(Process started) {
        Thread hook = new Thread(started::destroyForcibly, "annals-kill-" + command.name());
        Runtime.getRuntime().addShutdownHook(hook);
        killAtExit = hook;
    }

    private void awaitEnd(Process ending) {
        if (!endsWithin(ending, KILL_LIMIT)) {
            throw new IllegalStateException(command.name() + " (pid " + ending.pid() + ") can't be killed");
        }
        process = null;
        Thread hook = killAtExit;
        killAtExit = null;
        if (hook != null) {
            removeHook(hook);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException exiting) {
            // The hook runs now, on a process that has ended: nothing left to do.
        }
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                    .inheritIO()
                    .start();
            if (!endsWithin(kill, KILL_LIMIT) || kill.exitValue() != 0) {
                throw new IllegalStateException("Can't send SIG" + signal + " to " + command.name());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't send SIG" + signal + " to " + command.name(), e);
        }
    }

    private static boolean endsWithin(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a child process", e);
        }
    }
}
