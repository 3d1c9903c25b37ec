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
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A process that the quickstart starts and stops.
 *
 * @param address where it answers
 * @param ports that it will listen on
 * @param command is asked only when the process is to be started: it may write files
 * @param answers whether it is ready, as far as it says so within the limit
 */
record ManagedProcess(
        Part part,
        String address,
        List<Integer> ports,
        PidFile pidFile,
        Path log,
        Supplier<JvmCommand> command,
        Predicate<Duration> answers) {

    /** While it starts it is asked again and again: one answer that comes late costs nothing. */
    private static final Duration START_ANSWER_LIMIT = Duration.ofSeconds(1);

    /** On a busy machine a process that works well may take seconds for an answer. */
    private static final Duration STATUS_ANSWER_LIMIT = Duration.ofSeconds(5);

    /** Nobody is to be alarmed by one answer that got lost. */
    private static final int STATUS_TRIES = 2;

    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    /** Killed before it has made its archive of classes, it would begin one at each end, and never have any. */
    private static final Duration FIRST_STOP_LIMIT = Duration.ofSeconds(90);

    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    boolean isRunning() {
        return pidFile.running().isPresent();
    }

    String title() {
        return part.title();
    }

    boolean isReady() {
        return isRunning() && answers.test(START_ANSWER_LIMIT);
    }

    ProcessStatus status() {
        Optional<ProcessHandle> process = pidFile.running();
        ProcessStatus.State state = process.isEmpty()
                ? ProcessStatus.State.STOPPED
                : answersInTime() ? ProcessStatus.State.READY : ProcessStatus.State.NOT_READY;
        return new ProcessStatus(title(), state, process.map(ProcessHandle::pid).orElse(0L), address, log.toString());
    }

    private boolean answersInTime() {
        return IntStream.range(0, STATUS_TRIES).anyMatch(attempt -> answers.test(STATUS_ANSWER_LIMIT));
    }

    void requireFreePorts() {
        for (int port : ports) {
            if (!FreePorts.isFree(port)) {
                throw new QuickstartException("Port " + port + " (" + title()
                        + ") is in use by another program: stop it, or choose another port (annals up --help)");
            }
        }
    }

    void start() {
        try {
            pidFile.write(command.get()
                    .start(Lifetime.DETACHED, Quickstart.OWN_SETTINGS_AS_VARIABLES)
                    .toHandle());
        } catch (UncheckedIOException e) {
            throw new QuickstartException(String.valueOf(e.getMessage()), e);
        }
    }

    QuickstartException failure(String what) {
        String cause = LogTail.cause(log).orElse("it logged nothing");
        return new QuickstartException("The " + title() + " " + what + ": " + cause + " (log: " + log + ")");
    }

    /** Stops them side by side, and returns when all have ended. */
    static void stop(List<ManagedProcess> processes) {
        processes.forEach(process -> process.pidFile.running().ifPresent(ProcessHandle::destroy));
        processes.forEach(ManagedProcess::awaitStop);
    }

    /** Waits until the process has ended, and kills it at the limit. */
    private void awaitStop() {
        Optional<ProcessHandle> process = pidFile.running();
        if (process.isPresent() && !endsWithin(process.get(), stopLimit(process.get()))) {
            process.get().destroyForcibly();
            if (!endsWithin(process.get(), KILL_LIMIT)) {
                throw new QuickstartException(
                        "The " + title() + " (pid " + process.get().pid() + ") can't be stopped");
            }
        }
        pidFile.delete();
    }

    private static Duration stopLimit(ProcessHandle process) {
        boolean makesArchive =
                process.info().arguments().stream().flatMap(Stream::of).anyMatch(JvmCommand::makesArchive);
        return makesArchive ? FIRST_STOP_LIMIT : STOP_LIMIT;
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
