package dev.annals.query.live;

import dev.annals.query.routing.WaitingRequests;
import dev.annals.service.http.PeerClient;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Requests;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who read something live: a bounded number, a thread for each and no queue, so that a slow one costs no memory.
 * Counts them, and says why each has ended. Thread-safe.
 */
public final class LiveReaders implements AutoCloseable {

    static final String READERS_METER = "annals.live.readers";
    static final String SENT_METER = "annals.live.sent";
    static final String ENDED_METER = "annals.live.ended";

    /** As that of rates. */
    private static final String REFUSED_METER = "annals.limits.refused";

    /** One that has gone holds its place until the next heartbeat. */
    private static final String RETRY_AFTER_SECONDS = "10";

    /** A reader that takes nothing must not hold up the end of the service. */
    private static final Duration FAREWELL_LIMIT = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(LiveReaders.class);

    enum Kind {
        AGGREGATE,
        TYPE,
        VIEW;

        private String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is sent to one reader. Its text says what it is, for logs. */
    interface Sender {

        /**
         * Sends until there is a reason to end; one is that the lease is over.
         *
         * @throws IOException if the client does not take it
         * @throws RuntimeException if it fails; before something was sent, this is the answer
         */
        LiveEnd send(SseStream out, Lease lease) throws IOException, InterruptedException;
    }

    private final int limit;
    private final Semaphore places;
    private final ReadersByClient byClient;
    private final ExecutorService threads;
    private final MeterRegistry meters;
    private volatile boolean stopping;

    /** @param byClient counts readers of other kinds, too */
    public LiveReaders(int limit, ReadersByClient byClient, ThreadFactory threads, MeterRegistry meters) {
        this.limit = limit;
        this.places = new Semaphore(limit);
        this.byClient = byClient;
        this.threads = Executors.newThreadPerTaskExecutor(threads);
        this.meters = meters;
    }

    /** One kind of reader: how many there are, what was sent to them, and how they ended. */
    final class Readers {

        private final Kind kind;
        private final AtomicInteger now = new AtomicInteger();
        private final Counter sent;
        private final Counter refused;

        private Readers(Kind kind) {
            this.kind = kind;
            this.sent = Counter.builder(SENT_METER).tag("kind", kind.tag()).register(meters);
            this.refused = Counter.builder(REFUSED_METER)
                    .tag("kind", "live-" + kind.tag())
                    .register(meters);
            Gauge.builder(READERS_METER, now, AtomicInteger::get)
                    .tag("kind", kind.tag())
                    .register(meters);
        }

        /** Something was sent, not only written to memory. */
        void sent(int events) {
            sent.increment(events);
        }

        /** @throws ProblemException 503 if there are too many readers, 429 if this client has */
        void answer(Context ctx, Sender sender) {
            if (ctx.method().equals(HandlerType.HEAD)) {
                ctx.contentType(SseStream.MEDIA_TYPE);
                return;
            }
            Runnable leave = enter(ctx);
            Lease lease = Lease.of(Requests.caller(ctx).principal());
            String client = ctx.req().getRemoteAddr() + ":" + ctx.req().getRemotePort();
            ctx.future(() -> CompletableFuture.runAsync(() -> run(ctx, sender, lease, client), threads)
                    .whenComplete((done, failure) -> leave.run()));
        }

        /** @return gives the place back; what another instance passes on has one of its client there */
        private Runnable enter(Context ctx) {
            boolean counted = !PeerClient.isPassedOn(ctx);
            String client = Requests.client(ctx);
            if (counted && !byClient.enter(client)) {
                refused.increment();
                throw ProblemException.of(
                                429, "too-many-live-readers", "you have as many live answers as you may; end one first")
                        .withHeader("Retry-After", RETRY_AFTER_SECONDS);
            }
            Runnable leave = counted ? () -> byClient.leave(client) : () -> {};
            if (!places.tryAcquire()) {
                leave.run();
                throw WaitingRequests.unavailable("%d read live already".formatted(limit));
            }
            return () -> {
                places.release();
                leave.run();
            };
        }

        private void run(Context ctx, Sender sender, Lease lease, String client) {
            SseStream out = new SseStream(ctx);
            now.incrementAndGet();
            try {
                ended(out, end(out, sender, lease), sender, client);
            } finally {
                now.decrementAndGet();
            }
        }

        private LiveEnd end(SseStream out, Sender sender, Lease lease) {
            try {
                LiveEnd reason = sender.send(out, lease);
                LiveEnd end = stopping ? LiveEnd.STOPPING : reason;
                farewell(out, end);
                return end;
            } catch (InterruptedException | InterruptException e) {
                farewell(out, LiveEnd.STOPPING);
                return LiveEnd.STOPPING;
            } catch (IOException e) {
                return stopping ? LiveEnd.STOPPING : LiveEnd.of(e);
            } catch (RuntimeException e) {
                if (!out.hasBegun()) {
                    throw e;
                }
                LOG.atWarn().addKeyValue("what", sender).setCause(e).log("live answer failed");
                farewell(out, LiveEnd.FAILED);
                return LiveEnd.FAILED;
            }
        }

        private static void farewell(SseStream out, LiveEnd end) {
            try {
                boolean unused = Thread.interrupted(); // else the write would end at once
                out.end(end);
            } catch (IOException e) {
                // It has ended without.
            }
        }

        /** What has not begun must not look like an empty answer. */
        private void ended(SseStream out, LiveEnd end, Sender sender, String client) {
            if (!out.hasBegun()) {
                throw WaitingRequests.unavailable("live answers can't begin here now (" + end.code() + ")");
            }
            Counter.builder(ENDED_METER)
                    .tag("kind", kind.tag())
                    .tag("reason", end.code())
                    .register(meters)
                    .increment();
            (end == LiveEnd.CLIENT_GONE ? LOG.atDebug() : LOG.atInfo())
                    .addKeyValue("what", sender)
                    .addKeyValue("client", client)
                    .addKeyValue("reason", end.code())
                    .log("live answer ended");
        }
    }

    Readers of(Kind kind) {
        return new Readers(kind);
    }

    /**
     * Ends all answers, and returns when their clients have been told: a server that stops closes quiet connections at
     * once.
     */
    @Override
    public void close() {
        stopping = true;
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(FAREWELL_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atInfo().addKeyValue("limit", FAREWELL_LIMIT).log("not all live readers could be told of the end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
