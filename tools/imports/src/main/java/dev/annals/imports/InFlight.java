package dev.annals.imports;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The commands that were sent and have no result yet: a bounded window. Thread-safe; whoever waits is woken by results
 * and by {@link #fail}, and gives up when no result has come for too long.
 */
final class InFlight<N> {

    /** Missing commands that an error message names. */
    private static final int MAX_NAMED = 3;

    private static final Duration LOOK = Duration.ofMillis(500);

    private final int limit;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private final Map<String, N> notes = new HashMap<>();
    private long lastProgress;
    private @Nullable Long began;
    private @Nullable RuntimeException failure;

    /**
     * An empty window.
     *
     * @param limit the most commands in flight
     * @param patience how long to wait without any new result
     */
    InFlight(int limit, Duration patience, LongSupplier nanoTime) {
        this.limit = limit;
        this.patience = patience;
        this.nanoTime = nanoTime;
        this.lastProgress = nanoTime.getAsLong();
    }

    /**
     * Adds a command that is about to be sent; waits while the window is full.
     *
     * @throws ImportFailedException if no result comes for too long, the import has failed, or the id is in flight
     *     already
     */
    synchronized void enter(String commandId, N note) {
        awaitAtMost(limit - 1);
        if (notes.isEmpty()) {
            lastProgress = nanoTime.getAsLong();
        }
        if (began == null) {
            began = nanoTime.getAsLong();
        }
        if (notes.putIfAbsent(commandId, note) != null) {
            throw new ImportFailedException("the command id %s stands for two rows of the input".formatted(commandId));
        }
    }

    /** Since the first command entered; zero when none has. */
    synchronized Duration elapsed() {
        return began == null ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - began);
    }

    synchronized boolean contains(String commandId) {
        return notes.containsKey(commandId);
    }

    /**
     * Takes a command out whose result has come; nothing happens if it was not in flight, or no more.
     *
     * @param last is given the note before the command leaves, so that who waits for an empty window sees what it did
     */
    synchronized void leave(String commandId, Consumer<N> last) {
        N note = notes.get(commandId);
        if (note != null) {
            last.accept(note);
            notes.remove(commandId);
            lastProgress = nanoTime.getAsLong();
            notifyAll();
        }
    }

    /** Ends all waits, now and later, with the first failure. */
    synchronized void fail(RuntimeException cause) {
        if (failure == null) {
            failure = cause;
        }
        notifyAll();
    }

    /** @throws ImportFailedException if no result comes for too long, or the import has failed */
    synchronized void awaitEmpty() {
        awaitAtMost(0);
    }

    private synchronized void awaitAtMost(int wanted) {
        try {
            while (failure == null && notes.size() > wanted) {
                if (nanoTime.getAsLong() - lastProgress > patience.toNanos()) {
                    throw stalled();
                }
                wait(LOOK.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImportFailedException("interrupted. " + ImportFailedException.SAFE, e);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private ImportFailedException stalled() {
        List<String> named = notes.keySet().stream().sorted().limit(MAX_NAMED).toList();
        return new ImportFailedException(
                "no result for %d s; commands still without one: %,d (%s%s). Is the command service running? %s"
                        .formatted(
                                patience.toSeconds(),
                                notes.size(),
                                String.join(", ", named),
                                notes.size() > MAX_NAMED ? ", …" : "",
                                ImportFailedException.SAFE));
    }
}
