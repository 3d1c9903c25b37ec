package dev.annals.query.routing;

import dev.annals.engine.viewregistry.Stop;
import dev.annals.query.table.Shard;
import dev.annals.service.http.ProblemException;
import io.javalin.http.Context;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Read your writes: which version a request wants to see at least, and until when it waits.
 *
 * @param version null to take what is there
 * @param deadline as {@link System#nanoTime}
 */
public record MinVersion(@Nullable Long version, long deadline) {

    /**
     * How long a request waits for a row of a view that has stopped. Rows of other partitions come within that, and
     * what comes of the event at which it stands does not: requests that waited for it as long as they may would take
     * the places of all others.
     */
    static final Duration PATIENCE_WITH_STOPS = Duration.ofSeconds(1);

    /** Whatever is there. */
    public static final MinVersion NONE = new MinVersion(null, 0);

    public static MinVersion of(Context ctx) {
        Duration timeout = Parameters.timeout(ctx);
        return new MinVersion(Parameters.version(ctx, Parameters.MIN_VERSION), System.nanoTime() + timeout.toNanos());
    }

    /** How much longer it may take; nothing without a version. */
    Duration left() {
        return version == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /** The version at a shard; more than any where none is asked for. */
    long reached(KeyQuery query, Shard shard) {
        return version == null ? Long.MAX_VALUE : query.version(shard);
    }

    boolean isReachedBy(long other) {
        return version == null || other >= version;
    }

    /**
     * To be called before it is waited for.
     *
     * @param reached the version that is there
     * @param standby whether there is a standby's copy, which may only lack the version
     * @param stop where what makes the records has stopped; null if it goes on
     * @param stopped nanoseconds that it was seen as stopped meanwhile
     * @throws dev.annals.service.http.ProblemException 504 if the time is up, or the view has stopped for too long; 503
     *     if the time is up for a copy
     */
    void requireHope(String what, long reached, boolean standby, @Nullable Stop stop, long stopped) {
        boolean isTooLate = left().isZero();
        if (stop != null && (isTooLate || stopped >= PATIENCE_WITH_STOPS.toNanos())) {
            throw ProblemException.of(
                            504,
                            "view-stopped",
                            "%s has version %d, not yet %d, and the view has stopped at %s since %s: %s"
                                    .formatted(what, reached, version, stop.place(), stop.since(), stop.reason()))
                    .with("version", reached)
                    .with("stopped", stop.details());
        }
        if (isTooLate && standby) {
            throw WaitingRequests.unavailable("the owner of %s is away, and its standby has version %d, not yet %d"
                    .formatted(what, reached, version));
        }
        if (isTooLate) {
            throw ProblemException.of(
                            504,
                            "version-not-reached",
                            "%s has version %d, not yet %d; ask again or wait longer with %s"
                                    .formatted(what, reached, version, Parameters.TIMEOUT))
                    .with("version", reached);
        }
    }
}
