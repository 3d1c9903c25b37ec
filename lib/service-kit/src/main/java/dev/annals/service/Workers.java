package dev.annals.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The supervised background threads of one service: which of them fail is among the reasons against its readiness.
 * Thread-safe.
 */
public final class Workers implements Readiness {

    /** How many rounds have failed, by {@code worker}. */
    public static final String FAILURES = "annals.worker.failures";

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final MeterRegistry meters;
    private final Duration firstPause;
    private final List<Worker> workers = new CopyOnWriteArrayList<>();

    public Workers(MeterRegistry meters) {
        this(meters, FIRST_PAUSE);
    }

    /** @param firstPause after the first failure of a worker */
    Workers(MeterRegistry meters, Duration firstPause) {
        this.meters = meters;
        this.firstPause = firstPause;
    }

    /**
     * A thread that is not started yet. Whoever asks for it closes it.
     *
     * @param name of the thread, in logs and metrics: lower-case words joined by hyphens
     */
    public Worker worker(String name, Worker.Round round) {
        Worker worker = new Worker(
                name,
                round,
                Counter.builder(FAILURES)
                        .tag("worker", name)
                        .description("rounds of a background thread that failed")
                        .register(meters),
                firstPause);
        workers.removeIf(other -> !other.isOpen());
        workers.add(worker);
        return worker;
    }

    @Override
    public List<String> reasonsAgainst() {
        return workers.stream()
                .filter(Worker::isOpen)
                .map(Worker::trouble)
                .filter(Objects::nonNull)
                .toList();
    }
}
