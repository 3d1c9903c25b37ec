package dev.annals.query.live;

import dev.annals.service.access.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * A lease: until when somebody may read without a new token. An answer that goes on must not go on for longer than the
 * right to it was proven for.
 *
 * @param end {@link Instant#MAX} for none
 */
record Lease(Instant end, InstantSource clock) {

    /** @param principal null for somebody without a token, who may read for as long as they like */
    static Lease of(@Nullable Principal principal) {
        return new Lease(principal == null ? Instant.MAX : principal.expires(), InstantSource.system());
    }

    boolean isOver() {
        return !clock.instant().isBefore(end);
    }

    /** A wait that is over when the lease is. */
    Duration within(Duration wait) {
        Duration left = Duration.between(clock.instant(), end);
        return left.compareTo(wait) < 0 ? left : wait;
    }
}
