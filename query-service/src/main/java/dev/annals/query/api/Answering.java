package dev.annals.query.api;

import dev.annals.query.table.TableUnavailableException;
import dev.annals.service.http.Problem;
import dev.annals.service.http.ProblemException;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;

/**
 * Answers a query at once where the data is here, on the request's own thread; otherwise on a virtual thread, again and
 * again while partitions move, up to a limit. Thread-safe.
 */
final class Answering implements AutoCloseable {

    /** Requests that wait: for a version, for another instance, for a partition to arrive. More are refused with 503. */
    static final int MAX_WAITING = 1_000;

    /** How long a request goes on trying while a partition is not available. */
    static final Duration RETRY_LIMIT = Duration.ofSeconds(2);

    private static final Duration RETRY_PAUSE = Duration.ofMillis(50);
    private static final String RETRY_AFTER_SECONDS = "1";

    static final String WAITING_METER = "annals.query.waiting";
    static final String WAITS_METER = "annals.query.waits";

    private final Semaphore places = new Semaphore(MAX_WAITING);
    private final MeterRegistry meters;
    private final Pulse pulse;
    private final UnaryOperator<String> explained;
    private final ExecutorService waiting = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("query-", 0).factory());

    /** @param explained adds to why nothing can be answered what lies beneath it */
    Answering(MeterRegistry meters, Pulse pulse, UnaryOperator<String> explained) {
        this.meters = meters;
        this.pulse = pulse;
        this.explained = explained;
        Gauge.builder(WAITING_METER, places, free -> MAX_WAITING - free.availablePermits())
                .description("requests that wait for a version, another instance or a partition")
                .register(meters);
    }

    void answer(Context ctx, Query query) {
        try {
            answer(query, Query.Patience.NONE).send(ctx);
        } catch (TableUnavailableException e) {
            patiently(ctx, query);
        }
    }

    private void patiently(Context ctx, Query query) {
        if (!places.tryAcquire()) {
            throw unavailable("%d requests are waiting already".formatted(MAX_WAITING));
        }
        Timer.Sample wait = Timer.start(meters);
        ctx.future(() -> CompletableFuture.supplyAsync(() -> untilAvailable(query), waiting)
                .whenComplete((answer, failure) -> {
                    places.release();
                    wait.stop(meters.timer(WAITS_METER, "outcome", failure == null ? "answered" : "given up"));
                })
                .thenAccept(answer -> answer.send(ctx)));
    }

    private Answer answer(Query query, Query.Patience patience) {
        pulse.requireSteady();
        return query.answer(patience);
    }

    private Answer untilAvailable(Query query) {
        long deadline =
                System.nanoTime() + query.patienceAsked().plus(RETRY_LIMIT).toNanos();
        while (true) {
            try {
                return answer(query, Query.Patience.BLOCKING);
            } catch (TableUnavailableException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw unavailable(explained.apply(String.valueOf(e.getMessage())));
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("the service is stopping");
        }
    }

    static ProblemException unavailable(String why) {
        return Problem.of(503, "unavailable", why + "; try again")
                .asException()
                .withHeader("Retry-After", RETRY_AFTER_SECONDS);
    }

    @Override
    public void close() {
        waiting.shutdownNow();
    }
}
