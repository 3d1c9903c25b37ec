package dev.annals.query.routing;

import dev.annals.query.table.PauseDetector;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.service.http.PeerClient;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Response;
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
 * Requests that wait: a bounded number, each on a virtual thread that may block. An attempt that finds its partition
 * moving is made again, up to a limit. Thread-safe.
 */
public final class WaitingRequests implements AutoCloseable {

    /** For a version, for another instance, for a partition to arrive. More are refused with 503. */
    private static final int MAX_WAITING = 1_000;

    /** How long a request goes on trying while a partition is not available. */
    public static final Duration RETRY_LIMIT = Duration.ofSeconds(2);

    private static final Duration RETRY_PAUSE = Duration.ofMillis(50);
    private static final String RETRY_AFTER_SECONDS = "1";

    private static final String WAITING_METER = "annals.query.waiting";
    private static final String WAITS_METER = "annals.query.waits";

    private final Semaphore places = new Semaphore(MAX_WAITING);
    private final MeterRegistry meters;
    private final PauseDetector pauses;
    private final UnaryOperator<String> explained;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("query-", 0).factory());

    /** @param explained adds to why nothing can be answered what lies beneath it */
    public WaitingRequests(MeterRegistry meters, PauseDetector pauses, UnaryOperator<String> explained) {
        this.meters = meters;
        this.pauses = pauses;
        this.explained = explained;
        Gauge.builder(WAITING_METER, places, free -> MAX_WAITING - free.availablePermits())
                .description("requests that wait for a version, another instance or a partition")
                .register(meters);
    }

    /** One attempt to answer; it may block. */
    @FunctionalInterface
    public interface Attempt {

        /** @throws TableUnavailableException if another attempt may succeed */
        Response answer() throws InterruptedException;
    }

    /** See {@link PauseDetector#requireSteady}: to be called before anything is looked at outside of an attempt. */
    public void requireSteady() {
        pauses.requireSteady();
    }

    /**
     * Answers on a virtual thread. What another instance has passed on has one attempt: that one may know better now
     * where to ask.
     *
     * @param wait how long the request was asked to wait, beyond what it takes to find the data
     * @throws ProblemException 503 if too many wait already
     */
    public void answer(Context ctx, Duration wait, Attempt attempt) {
        if (!places.tryAcquire()) {
            throw unavailable("%d requests are waiting already".formatted(MAX_WAITING));
        }
        Duration limit = PeerClient.isPassedOn(ctx) ? Duration.ZERO : wait.plus(RETRY_LIMIT);
        Timer.Sample sample = Timer.start(meters);
        ctx.future(() -> CompletableFuture.supplyAsync(() -> untilAvailable(attempt, limit), threads)
                .whenComplete((answer, failure) -> {
                    places.release();
                    sample.stop(meters.timer(WAITS_METER, "outcome", failure == null ? "answered" : "given up"));
                })
                .thenAccept(answer -> answer.send(ctx)));
    }

    private Response untilAvailable(Attempt attempt, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (true) {
                try {
                    pauses.requireSteady();
                    return attempt.answer();
                } catch (TableUnavailableException e) {
                    if (System.nanoTime() - deadline >= 0) {
                        throw unavailable(explained.apply(String.valueOf(e.getMessage())));
                    }
                }
                Thread.sleep(RETRY_PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("the service is stopping");
        }
    }

    public static ProblemException unavailable(String why) {
        return ProblemException.of(503, "unavailable", why + "; try again")
                .withHeader("Retry-After", RETRY_AFTER_SECONDS);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
