package dev.annals.checker.answers;

import dev.annals.checker.cluster.Installation;
import dev.annals.core.notes.Generation;
import dev.annals.core.notes.Generation.Status;
import dev.annals.core.notes.Generations;
import dev.annals.core.notes.ViewNote;
import dev.annals.embedded.JvmProcess;
import dev.annals.service.views.ViewBoard;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Replays of a view, each disturbed at the moment when the new generation takes over. For one thread. */
final class TakeOvers {

    private static final String VIEW = "accounts";

    private static final Duration CALM = Duration.ofSeconds(3);
    private static final Duration LOOK = Duration.ofMillis(2);

    /** A take-over that is not disturbed takes less than a second. */
    private static final int MAX_DELAY_MILLIS = 600;

    /** Longer than a session of the group lasts. */
    private static final Duration PAUSED = Duration.ofSeconds(9);

    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(60);

    /** One that does not succeed within 30 s is given up, and tried again 30 s later. */
    private static final Duration END_LIMIT = Duration.ofMinutes(2);

    private final Installation installation;
    private final ViewBoard board;
    private final Journal journal;
    private final Random random;

    TakeOvers(Installation installation, ViewBoard board, Journal journal, Random random) {
        this.installation = installation;
        this.board = board;
        this.journal = journal;
        this.random = random;
    }

    /** What is done to whom. */
    private record Disturbance(String victim, JvmProcess process, boolean pause) {

        @Override
        public String toString() {
            return (pause ? "pause " : "kill ") + victim;
        }
    }

    /** Ends after the first that failed, which is a finding. */
    void run() {
        try {
            for (Disturbance each : disturbances()) {
                Thread.sleep(CALM);
                disturb(each);
            }
        } catch (TimeoutException e) {
            journal.found(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Disturbance> disturbances() {
        List<Disturbance> all = new ArrayList<>();
        installation.readers().forEach((name, process) -> {
            all.add(new Disturbance(name, process, false));
            if (name.startsWith("projector")) {
                all.add(new Disturbance(name, process, true));
            }
        });
        return all;
    }

    private void disturb(Disturbance disturbance) throws TimeoutException, InterruptedException {
        int number = begin();
        await( // what is over before it was seen is disturbed right after it
                () -> isTakingOver(number) || isLive(number),
                BEGIN_LIMIT,
                "generation %d to take over".formatted(number));
        Thread.sleep(random.nextInt(MAX_DELAY_MILLIS));
        journal.count("%s %s".formatted(disturbance, isTakingOver(number) ? "in the take-over" : "right after it"));
        String end = "generation %d to be live after: %s".formatted(number, disturbance);
        if (disturbance.pause) {
            disturbance.process.pause();
            Thread.sleep(PAUSED);
            disturbance.process.resume();
            await(() -> isLive(number), END_LIMIT, end);
        } else {
            disturbance.process.kill();
            await(() -> isLive(number), END_LIMIT, end);
            disturbance.process.start();
        }
        installation.awaitReady();
    }

    private int begin() throws TimeoutException, InterruptedException {
        await(board::isComplete, BEGIN_LIMIT, "the notes to be read");
        List<ViewNote> begun = board.edit(notes -> {
            Generations all = notes.generations();
            Generation live = all.live(VIEW);
            return live == null || all.coming(VIEW) != null
                    ? List.of()
                    : List.of(all.next(VIEW, live.code(), Map.of(), Instant.now()));
        });
        if (begun.isEmpty()) {
            throw new TimeoutException(
                    "no replay could be begun of " + board.generations().of(VIEW));
        }
        return ((Generation) begun.getFirst()).view().generation();
    }

    private boolean isTakingOver(int number) {
        Generation coming = board.generations().coming(VIEW);
        return coming != null && coming.view().generation() == number && coming.status() == Status.TAKING_OVER;
    }

    private boolean isLive(int number) {
        Generation live = board.generations().live(VIEW);
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
