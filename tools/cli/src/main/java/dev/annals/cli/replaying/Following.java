package dev.annals.cli.replaying;

import dev.annals.cli.client.CommandFailureException;
import dev.annals.cli.client.Printable;
import dev.annals.cli.client.Target;
import dev.annals.cli.progress.Progress;
import dev.annals.engine.notes.Generation;
import dev.annals.engine.notes.Generation.Status;
import dev.annals.engine.notes.Generations;
import dev.annals.engine.notes.Stop;
import dev.annals.engine.notes.ViewNotes;
import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Looks on while projectors build a generation, and says how far they are. To stop looking changes nothing. */
final class Following {

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** Without any progress for so long, a person wants to know why; once. */
    private static final Duration IDLE = Duration.ofSeconds(20);

    private final Replays replays;
    private final Target target;
    private final PrintWriter out;
    private final Progress progress;
    private long lastDone = -1;
    private long lastMoved = System.nanoTime();
    private boolean saidIdle;
    private @Nullable Stop told;

    /** @param out for what a person must know beside the progress */
    Following(Replays replays, Target target, PrintWriter out, Progress progress) {
        this.replays = replays;
        this.target = target;
        this.out = out;
        this.progress = progress;
    }

    /**
     * Returns when readers have the generation.
     *
     * @return it, as it is then
     * @throws CommandFailureException if it was cancelled, or it takes longer than the limit
     */
    Generation untilLive(Generation awaited, Duration limit) {
        long start = System.nanoTime();
        while (true) {
            ViewNotes notes = replays.notes();
            Generation now = now(notes.generations(), awaited);
            if (now.status() == Status.LIVE || now.status() == Status.REPLACED) {
                return now;
            }
            show(replays.progress(now, notes));
            tellStop(now, notes);
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new CommandFailureException(
                        "it was not done within %d s; it goes on; to look on again: %s"
                                .formatted(
                                        limit.toSeconds(),
                                        target.hint("replay " + now.view().name())),
                        null);
            }
            pause();
        }
    }

    private static Generation now(Generations all, Generation awaited) {
        Generation now = all.get(awaited.view());
        if (now == null || now.status() == Status.REMOVED || now.status() == Status.GONE) {
            throw new CommandFailureException(
                    "version %d of %s was cancelled"
                            .formatted(
                                    awaited.view().generation(), awaited.view().name()),
                    null);
        }
        return now;
    }

    private void show(Replays.Progress far) {
        progress.total(far.total());
        progress.done(far.done());
        if (far.done() != lastDone) {
            lastDone = far.done();
            lastMoved = System.nanoTime();
        } else if (System.nanoTime() - lastMoved > IDLE.toNanos() && !saidIdle) {
            saidIdle = true;
            say("nothing moves since %d s: does a projector run that has this view, and none of an older release?"
                    .formatted(IDLE.toSeconds()));
        }
    }

    /** Once for each place: it is tried again for as long as it takes. */
    private void tellStop(Generation generation, ViewNotes notes) {
        Stop stop = replays.stop(generation, notes);
        if (stop != null && (told == null || !told.place().equals(stop.place()))) {
            told = stop;
            say("it has stopped at %s, key %s: %s; it is tried again; to have it pass over this record: %s"
                    .formatted(
                            stop.place(),
                            stop.recordKey(),
                            stop.reason(),
                            target.hint("skip %s %s --reason TEXT"
                                    .formatted(stop.view().name(), stop.place()))));
        }
    }

    private void say(String text) {
        out.println(Printable.of(text));
        out.flush();
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailureException("interrupted; the replay goes on", e);
        }
    }
}
