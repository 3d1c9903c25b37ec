package dev.annals.flightidentities;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * From one time to another, both included and in milliseconds: rows have no finer ones, and a view must come to the
 * same flights as a decision.
 */
public record Span(Instant from, Instant to) {

    public Span {
        from = from.truncatedTo(ChronoUnit.MILLIS);
        to = to.truncatedTo(ChronoUnit.MILLIS);
    }

    static Span at(Instant time) {
        return new Span(time, time);
    }

    /**
     * When a flight is under way, by one message: a plan may come hours before its departure, and says nothing of the
     * time until then.
     */
    static Span told(@Nullable Instant departure, Instant time) {
        if (departure == null) {
            return at(time);
        }
        return new Span(departure, time.isAfter(departure) ? time : departure);
    }

    Span and(Span other) {
        return new Span(from.isBefore(other.from) ? from : other.from, to.isAfter(other.to) ? to : other.to);
    }

    boolean meets(Span other) {
        return !from.isAfter(other.to) && !other.from.isAfter(to);
    }

    /** Zero within it. */
    Duration distance(Instant time) {
        if (time.isBefore(from)) {
            return Duration.between(time, from);
        }
        return time.isAfter(to) ? Duration.between(to, time) : Duration.ZERO;
    }
}
