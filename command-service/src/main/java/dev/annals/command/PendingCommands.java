package dev.annals.command;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.StoredResults.StoredResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands that this instance has sent and whose results it awaits, and the last results that it has seen.
 *
 * <p>Bounded: at most {@code limit} commands are awaited, each for at most {@link #FORGOTTEN_AFTER}, whether or not
 * anybody still waits for the answer. Thread-safe.
 */
final class PendingCommands implements CommandLookup.Known, AutoCloseable {

    /** A command whose result has not come by then is no longer known as pending. */
    static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(60);

    private static final int MAX_RECENT = 10_000;

    /** How often it is logged, at most, that replies are passed over; each is counted. */
    private static final Duration TOLD_EVERY = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(PendingCommands.class);

    private final Semaphore places;
    private final InstantSource clock;
    private final LongAdder passedOver = new LongAdder();
    private final Map<String, PendingCommand> byRequest = new ConcurrentHashMap<>();
    private final Map<String, StoredResult> recent = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, StoredResult> eldest) {
            return size() > MAX_RECENT;
        }
    };

    private Instant toldLast = Instant.MIN;

    /**
     * A command that is sent, or about to be. Without its payload: there may be many, and each may be large.
     *
     * @param durable completes when the command is durable in its topic; fails with what kept it from that
     * @param result completes with the command's result; fails as {@code durable} does; cancelled when it is no longer
     *     waited for
     */
    record PendingCommand(
            String commandId,
            String aggregateType,
            String aggregateId,
            Instant since,
            CompletableFuture<Void> durable,
            CompletableFuture<CommandResult> result) {

        /**
         * Blocks until the result is there. A command is never called accepted before it is durable, however short the
         * wait.
         *
         * @return null if the result did not come in time; the command is durable then
         * @throws KafkaException if Kafka does not take the command, or the service stops before it has
         */
        @Nullable
        CommandResult await(Duration wait) {
            try {
                return result.get(wait.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | CancellationException e) {
                awaitDurable();
                return null;
            } catch (ExecutionException e) {
                throw failure(e);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }

        /** Results are given up when the service stops; it can't wait then until the command is durable. */
        private void awaitDurable() {
            if (result.isCancelled() && !durable.isDone()) {
                throw new KafkaException("the service is stopping");
            }
            try {
                durable.join();
            } catch (CompletionException e) {
                throw failure(e);
            }
        }

        private static RuntimeException failure(Exception wrapped) {
            return wrapped.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(wrapped);
        }

        private boolean isAnsweredBy(CommandResult reply) {
            return commandId.equals(reply.commandId())
                    && aggregateType.equals(reply.aggregateType())
                    && aggregateId.equals(reply.aggregateId());
        }
    }

    PendingCommands(int limit, InstantSource clock) {
        this.places = new Semaphore(limit);
        this.clock = clock;
    }

    /** @return null where all places are taken */
    @Nullable
    PendingCommand add(String requestId, String commandId, String aggregateType, String aggregateId) {
        if (!places.tryAcquire()) {
            return null;
        }
        PendingCommand pending = new PendingCommand(
                commandId,
                aggregateType,
                aggregateId,
                clock.instant(),
                new CompletableFuture<>(),
                new CompletableFuture<>());
        byRequest.put(requestId, pending);
        return pending;
    }

    boolean awaits(String requestId) {
        return byRequest.containsKey(requestId);
    }

    /**
     * Takes a reply. Whoever may read the command topic knows the ids of requests, and may have others' commands
     * answered under them, so one about another command or aggregate is passed over. At no moment in between is the
     * command neither pending nor among the recent results, or in a store.
     */
    void complete(String requestId, CommandResult result) {
        PendingCommand pending = byRequest.get(requestId);
        if (pending == null) {
            return;
        }
        if (!pending.isAnsweredBy(result)) {
            passOver(requestId, pending, result);
            return;
        }
        if (isLast(result)) {
            synchronized (recent) {
                recent.put(pending.commandId, new StoredResult(result, clock.instant()));
            }
        }
        if (remove(requestId, pending)) {
            pending.result.complete(result);
        }
    }

    private void passOver(String requestId, PendingCommand pending, CommandResult reply) {
        passedOver.increment();
        if (!isToBeTold(clock.instant())) {
            return;
        }
        LOG.atWarn()
                .addKeyValue("request", requestId)
                .addKeyValue(
                        "awaited", "%s/%s %s".formatted(pending.aggregateType, pending.aggregateId, pending.commandId))
                .addKeyValue("got", "%s/%s %s".formatted(reply.aggregateType(), reply.aggregateId(), reply.commandId()))
                .addKeyValue("passedOver", passedOver.sum())
                .log("a reply is about another command than the one that was sent; who may write commands or replies?");
    }

    private synchronized boolean isToBeTold(Instant now) {
        boolean due = toldLast.isBefore(now.minus(TOLD_EVERY));
        if (due) {
            toldLast = now;
        }
        return due;
    }

    /** How many replies were about another command than the one that was sent. */
    long passedOver() {
        return passedOver.sum();
    }

    /**
     * Whether a result is what the id's stays. That an id was used again is the answer to that request; the id's own
     * result is still the first one. A command that failed is decided anew when it is sent again, wherever that is: the
     * stores have what it came to.
     */
    private static boolean isLast(CommandResult result) {
        return result.outcome() != CommandResult.Outcome.FAILED
                && !CommandResult.IDEMPOTENCY_KEY_REUSED.equals(result.code());
    }

    /** The command never reached the topic, or its reply can't be read. */
    void fail(String requestId, Throwable failure) {
        PendingCommand pending = byRequest.get(requestId);
        if (pending != null && remove(requestId, pending)) {
            pending.result.completeExceptionally(failure);
        }
    }

    /** Whether it was there; of several who try, one succeeds and gives the place back. */
    private boolean remove(String requestId, PendingCommand pending) {
        boolean removed = byRequest.remove(requestId, pending);
        if (removed) {
            places.release();
        }
        return removed;
    }

    @Override
    public boolean isPending(String commandId) {
        Collection<PendingCommand> all = byRequest.values();
        return all.stream().anyMatch(pending -> pending.commandId.equals(commandId));
    }

    @Override
    public Optional<StoredResult> recentResult(String commandId) {
        synchronized (recent) {
            return Optional.ofNullable(recent.get(commandId));
        }
    }

    /** Gives up the places of commands that have waited too long. */
    void forgetOld() {
        Instant old = clock.instant().minus(FORGOTTEN_AFTER);
        byRequest.forEach((requestId, pending) -> {
            if (pending.since.isBefore(old)) {
                forget(requestId, pending);
            }
        });
    }

    private void forget(String requestId, PendingCommand pending) {
        if (remove(requestId, pending)) {
            pending.result.cancel(false);
        }
    }

    /** Waits for nothing any more, so that the requests under way can be answered before the server stops. */
    @Override
    public void close() {
        byRequest.forEach(this::forget);
    }

    int size() {
        return byRequest.size();
    }
}
