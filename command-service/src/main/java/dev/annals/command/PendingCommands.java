package dev.annals.command;

import dev.annals.core.deciding.CommandResult;
import dev.annals.core.deciding.RejectionCode;
import dev.annals.core.deciding.StoredResults.StoredResult;
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

    private final Semaphore places;
    private final InstantSource clock;
    private final Map<String, Pending> byRequest = new ConcurrentHashMap<>();
    private final Map<String, StoredResult> recent = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, StoredResult> eldest) {
            return size() > MAX_RECENT;
        }
    };

    private record Pending(String commandId, Instant since, CompletableFuture<CommandResult> result) {}

    PendingCommands(int limit, InstantSource clock) {
        this.places = new Semaphore(limit);
        this.clock = clock;
    }

    /**
     * Takes a place.
     *
     * @return the result, when it is there; cancelled if it is no longer waited for. Empty where all places are taken
     */
    Optional<CompletableFuture<CommandResult>> add(String requestId, String commandId) {
        if (!places.tryAcquire()) {
            return Optional.empty();
        }
        var result = new CompletableFuture<CommandResult>();
        byRequest.put(requestId, new Pending(commandId, clock.instant(), result));
        return Optional.of(result);
    }

    boolean awaits(String requestId) {
        return byRequest.containsKey(requestId);
    }

    /** At no moment in between is the command neither pending nor among the recent results, or in a store. */
    void complete(String requestId, CommandResult result) {
        Pending pending = byRequest.get(requestId);
        if (pending == null) {
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
