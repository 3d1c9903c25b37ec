package dev.annals.quickstart;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** One start of an installation: starts what is missing, and waits for everything that is wanted. For one thread. */
final class Launch {

    private static final Duration POLL = Duration.ofMillis(100);

    private final List<ManagedProcess> wanted;
    private final StartListener listener;
    private final Duration limit;
    private final List<ManagedProcess> started = new ArrayList<>();
    private final long begun = System.nanoTime();

    /** @param limit until everything is ready, also what must first end */
    Launch(List<ManagedProcess> wanted, StartListener listener, Duration limit) {
        this.wanted = wanted;
        this.listener = listener;
        this.limit = limit;
    }

    /**
     * Returns when everything is ready.
     *
     * @throws QuickstartException when something is in the way; {@link #started} goes on
     */
    void run() {
        wanted.stream().filter(process -> !process.isRunning()).forEach(this::start);
        awaitReady();
    }

    /** What did not run before. */
    List<ManagedProcess> started() {
        return List.copyOf(started);
    }

    private void start(ManagedProcess process) {
        process.start();
        started.add(process);
    }

    private void awaitReady() {
        List<ManagedProcess> waiting = new ArrayList<>(wanted);
        while (true) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - begun);
            waiting.removeIf(process -> becameReady(process, elapsed));
            if (waiting.isEmpty()) {
                // One that was ending when we came may have answered until just now.
                wanted.stream().filter(process -> !process.isRunning()).forEach(waiting::add);
            }
            if (waiting.isEmpty()) {
                return;
            }
            if (elapsed.compareTo(limit) > 0) {
                throw late(waiting.getFirst());
            }
            listener.waiting(waiting.stream().map(ManagedProcess::title).toList(), elapsed);
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private boolean becameReady(ManagedProcess process, Duration elapsed) {
        if (!process.isRunning()) {
            startInPlace(process);
            return false;
        }
        boolean ready = process.isReady();
        if (ready) {
            listener.ready(process.title(), elapsed);
        }
        return ready;
    }

    /** One that ran when we came and has ended since was being stopped: its ports and its data are free only now. */
    private void startInPlace(ManagedProcess process) {
        if (started.contains(process)) {
            throw process.failure("ended while it was starting");
        }
        process.requireFreePorts();
        start(process);
    }

    private QuickstartException late(ManagedProcess process) {
        long seconds = limit.toSeconds();
        return started.contains(process)
                ? process.failure("was not ready within " + seconds + " s")
                : process.failure("ran before, and has neither become ready nor ended within " + seconds
                        + " s: stop it, then start it again");
    }
}
