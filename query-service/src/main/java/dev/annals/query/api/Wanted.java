package dev.annals.query.api;

import dev.annals.engine.notes.Stop;
import dev.annals.query.table.Shard;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.table.Waiters;
import dev.annals.service.http.Problem;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Read your writes: which version a request wants to see at least, and until when it waits.
 *
 * @param version null to take what is there
 * @param deadline as {@link System#nanoTime}
 */
record Wanted(@Nullable Long version, long deadline) {

    /**
     * How long a request waits for a row of a view that has stopped. Rows of other partitions come within that, and
     * what comes of the event at which it stands does not: requests that waited for it as long as they may would take
     * the places of all others.
     */
    static final Duration PATIENCE_WITH_STOPS = Duration.ofSeconds(1);

    static Wanted of(Context ctx) {
        Duration timeout = Parameters.timeout(ctx);
        return new Wanted(Parameters.version(ctx, Parameters.MIN_VERSION), System.nanoTime() + timeout.toNanos());
    }

    /** How much longer it may take. */
    Duration patience() {
        return version == null ? Duration.ZERO : Duration.ofNanos(left());
    }

    private long left() {
        return Math.max(0, deadline - System.nanoTime());
    }

    /**
     * What a look at a shard shows.
     *
     * @param version that is reached there; 0 if there is nothing
     * @param answer from what was seen
     */
    record Seen(long version, Supplier<Answer> answer) {}

    /**
     * Answers when the version is there: at once, or after a change of a record's key.
     *
     * @param what is read, for messages
     * @param key the record whose change is waited for
     * @param shard looked up anew each time: the partition may move while we wait, and is then asked for elsewhere
     * @param stop where what makes the records has stopped; null: it goes on
     */
    Answer answer(
            Query.Patience patience,
            String what,
            Waiters waiters,
            byte[] key,
            Supplier<Shard> shard,
            Function<Shard, Seen> look,
            Supplier<@Nullable Stop> stop) {
        Seen first = look.apply(shard.get());
        if (version == null || first.version() >= version) {
            return first.answer().get();
        }
        if (patience == Query.Patience.NONE) {
            throw new TableUnavailableException(what + " has not got this version yet");
        }
        long stopped = 0; // nanoseconds that it has been seen as stopped
        try (Waiters.Waiter waiter = waiters.enter(key)) {
            while (true) {
                Shard now = shard.get();
                Seen seen = look.apply(now);
                if (seen.version() >= version) {
                    return seen.answer().get();
                }
                long left = left();
                Stop place = stop.get();
                if (place != null && (left == 0 || stopped >= PATIENCE_WITH_STOPS.toNanos())) {
                    throw stopped(what, version, seen.version(), place);
                }
                if (left == 0) {
                    throw tooLate(what, version, seen.version(), now.isStandby());
                }
                long before = System.nanoTime();
                waiter.await(Math.min(left, PATIENCE_WITH_STOPS.toNanos())); // it may stop meanwhile
                stopped = place == null ? 0 : stopped + System.nanoTime() - before;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Answering.unavailable("the service is stopping");
        }
    }

    private static RuntimeException stopped(String what, long wanted, long reached, Stop at) {
        return Problem.of(
                        504,
                        "view-stopped",
                        "%s has version %d, not yet %d, and the view has stopped at %s since %s: %s"
                                .formatted(what, reached, wanted, at.place(), at.since(), at.reason()))
                .with("version", reached)
                .with("stopped", at.details())
                .asException();
    }

    private static RuntimeException tooLate(String what, long wanted, long reached, boolean standby) {
        if (standby) {
            return Answering.unavailable("the owner of %s is away, and its standby has version %d, not yet %d"
                    .formatted(what, reached, wanted));
        }
        return Problem.of(
                        504,
                        "version-not-reached",
                        "%s has version %d, not yet %d; ask again or wait longer with %s"
                                .formatted(what, reached, wanted, Parameters.TIMEOUT))
                .with("version", reached)
                .asException();
    }
}
