package dev.annals.checker.answers;

import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Generation.Status;
import dev.annals.engine.viewregistry.Generations;
import dev.annals.engine.viewregistry.RegistryEntry;
import dev.annals.service.views.ViewRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Replays of a view, as {@code annals replay} begins them. For one thread. */
final class Replays {

    private static final Duration LOOK = Duration.ofMillis(2);
    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(60);

    private final ViewRegistry board;
    private final String view;

    /** @param board started */
    Replays(ViewRegistry board, String view) {
        this.board = board;
        this.view = view;
    }

    /** @return the number of the new generation */
    int begin() throws TimeoutException, InterruptedException {
        await(board::isComplete, BEGIN_LIMIT, "the notes to be read");
        List<RegistryEntry> begun = board.edit(notes -> {
            Generations all = notes.generations();
            Generation live = all.live(view);
            return live == null || all.coming(view) != null
                    ? List.of()
                    : List.of(all.next(view, live.code(), Map.of(), Instant.now()));
        });
        if (begun.isEmpty()) {
            throw new TimeoutException(
                    "no replay could be begun of " + board.generations().of(view));
        }
        return ((Generation) begun.getFirst()).view().generation();
    }

    /** What is over before it was seen counts too. */
    void awaitTakeOver(int number) throws TimeoutException, InterruptedException {
        await(
                () -> isTakingOver(number) || isLive(number),
                BEGIN_LIMIT,
                "generation %d to take over".formatted(number));
    }

    void awaitLive(int number, Duration limit, String after) throws TimeoutException, InterruptedException {
        await(() -> isLive(number), limit, "generation %d to be live after: %s".formatted(number, after));
    }

    boolean isTakingOver(int number) {
        Generation coming = board.generations().coming(view);
        return coming != null && coming.view().generation() == number && coming.status() == Status.TAKING_OVER;
    }

    private boolean isLive(int number) {
        Generation live = board.generations().live(view);
        return live != null && live.view().generation() == number;
    }

    private static void await(BooleanSupplier condition, Duration limit, String what)
            throws TimeoutException, InterruptedException {
        long from = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - from > limit.toNanos()) {
                throw new TimeoutException("waited %s for %s".formatted(limit, what));
            }
            Thread.sleep(LOOK);
        }
    }
}
