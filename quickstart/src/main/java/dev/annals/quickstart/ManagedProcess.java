package dev.annals.quickstart;

import dev.annals.embedded.FreePorts;
import dev.annals.embedded.JvmCommand;
import dev.annals.embedded.Lifetime;
import dev.annals.embedded.LogTail;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A process that the quickstart starts and stops.
 *
 * @param title for people
 * @param address where it answers
 * @param ports that it will listen on
 * @param command is asked only when the process is to be started: it may write files
 * @param answers whether it is ready; returns within about a second
 */
record ManagedProcess(
        String title,
        String address,
        List<Integer> ports,
        PidFile pidFile,
        Path log,
        Supplier<JvmCommand> command,
        BooleanSupplier answers) {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    boolean isRunning() {
        return pidFile.running().isPresent();
    }

    boolean isReady() {
        return isRunning() && answers.getAsBoolean();
    }

    ProcessStatus status() {
        Optional<ProcessHandle> process = pidFile.running();
        ProcessStatus.State state = process.isEmpty()
                ? ProcessStatus.State.STOPPED
                : answers.getAsBoolean() ? ProcessStatus.State.READY : ProcessStatus.State.NOT_READY;
        return new ProcessStatus(title, state, process.map(ProcessHandle::pid).orElse(0L), address, log.toString());
    }

    void requireFreePorts() {
        for (int port : ports) {
            if (!FreePorts.isFree(port)) {
                throw new QuickstartException("Port " + port + " (" + title
                        + ") is in use by another program: stop it, or" + " choose another port (annals up --help)");
            }
        }
    }

    void start() {
        try {
            pidFile.write(command.get().start(Lifetime.DETACHED).toHandle());
        } catch (UncheckedIOException e) {
            throw new QuickstartException(String.valueOf(e.getMessage()), e);
        }
    }

    QuickstartException failure(String what) {
        String cause = LogTail.cause(log).orElse("it logged nothing");
        return new QuickstartException("The " + title + " " + what + ": " + cause + " (log: " + log + ")");
    }

    /** Asks the process to end and returns at once. */
    void requestStop() {
        pidFile.running().ifPresent(ProcessHandle::destroy);
    }

    /** Waits until the process has ended, and kills it at the limit. */
    void awaitStop() {
        Optional<ProcessHandle> process = pidFile.running();
        if (process.isPresent() && !endsWithin(process.get(), STOP_LIMIT)) {
            process.get().destroyForcibly();
            if (!endsWithin(process.get(), KILL_LIMIT)) {
                throw new QuickstartException(
                        "The " + title + " (pid " + process.get().pid() + ") can't be stopped");
            }
        }
        pidFile.delete();
    }

    private static boolean endsWithin(ProcessHandle process, Duration limit) {
        CompletableFuture<ProcessHandle> end = process.onExit();
        try {
            end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException late) {
            return PidFile.isZombie(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QuickstartException("Interrupted while waiting for pid " + process.pid() + " to end", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
