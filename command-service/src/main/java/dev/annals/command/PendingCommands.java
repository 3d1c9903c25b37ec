package dev.annals.command;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.RejectionCode;
import dev.annals.engine.deciding.StoredResults.StoredResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands that this instance has sent and whose results it awaits, and the last results that it has seen.
 *
 * <p>Bounded: at most {@code limit} commands are awaited, each for at most {@link #FORGOTTEN_AFTER}, whether or not anybody
 * still waits for the answer. Thread-safe.
 */
final class PendingCommands implements AutoCloseable {

    /** A command whose result has not come by then is no longer known as pending. */
    static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(60);

    private static final int MAX_RECENT = 10_000;

    /** How often it is logged, at most, that replies are passed over; each is counted. */
    private static final Duration TOLD_EVERY = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(PendingCommands.class);

    private final Semaphore places;
    private final InstantSource clock;
    private final LongAdder passedOver = new LongAdder();
    private final Map<String, Pending> byRequest = new ConcurrentHashMap<>();
    private final Map<String, StoredResult> recent = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, StoredResult> eldest) {
            return size() > MAX_RECENT;
        }
    };

    private Instant toldLast = Instant.MIN;

    /** Without the payload of the command: there may be many, and each may be large. */
    private record Pending(
            String commandId,
            String aggregateType,
            String aggregateId,
            Instant since,
            CompletableFuture<CommandResult> result) {

        boolean isAnsweredBy(CommandResult reply) {
            return commandId.equals(reply.commandId())
                    && aggregateType.equals(reply.aggregateType())
                    && aggregateId.equals(reply.aggregateId());
        }
    }

    PendingCommands(int limit, InstantSource clock) {
        this.places = new Semaphore(limit);
        this.clock = clock;
    }

    /**
     * Takes a place.
     *
     * @return the result, when it is there; cancelled if it is no longer waited for. Empty where all places are taken
     */
    Optional<CompletableFuture<CommandResult>> add(String requestId, CommandToSend command) {
        if (!places.tryAcquire()) {
            return Optional.empty();
        }
        var result = new CompletableFuture<CommandResult>();
        byRequest.put(
                requestId,
                new Pending(command.id(), command.aggregateType(), command.aggregateId(), clock.instant(), result));
        return Optional.of(result);
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
        Pending pending = byRequest.get(requestId);
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

    private void passOver(String requestId, Pending pending, CommandResult reply) {
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
     * result is still the first one. A command that failed is decided anew when it is sent again, wherever that is:
     * the stores have what it came to.
     */
    private static boolean isLast(CommandResult result) {
        return result.outcome() != CommandResult.Outcome.FAILED
                && !RejectionCode.IDEMPOTENCY_KEY_REUSED.equals(result.code());
    }

    /** The command never reached the topic. */
    void fail(String requestId, Throwable failure) {
        Pending pending = byRequest.get(requestId);
        if (pending != null && remove(requestId, pending)) {
            pending.result.completeExceptionally(failure);
        }
    }

    /** Whether it was there; of several who try, one succeeds and gives the place back. */
    private boolean remove(String requestId, Pending pending) {
        boolean removed = byRequest.remove(requestId, pending);
        if (removed) {
            places.release();
        }
        return removed;
    }

    boolean isPending(String commandId) {
        Collection<Pending> all = byRequest.values();
        return all.stream().anyMatch(pending -> pending.commandId.equals(commandId));
    }

    Optional<StoredResult> recentResult(String commandId) {
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

    private void forget(String requestId, Pending pending) {
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
