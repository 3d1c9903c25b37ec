package dev.annals.flights;

import org.jspecify.annotations.Nullable;

/**
 * A flight as its events made it: the last plan and the last position, whatever came before. So it does not grow with
 * the tracks.
 *
 * @param status null as long as the flight does not exist, and only then there is no plan
 * @param mergedInto the flight that stands for this one, if it was merged
 */
public record Flight(
        @Nullable FlightStatus status,
        @Nullable Plan plan,
        @Nullable Position position,
        @Nullable String mergedInto) {

    static final Flight NONE = new Flight(null, null, null, null);

    static Flight created(Plan plan) {
        return new Flight(FlightStatus.ACTIVE, plan, null, null);
    }

    Flight with(Plan changed) {
        return new Flight(status, changed, position, mergedInto);
    }

    Flight with(Position changed) {
        return new Flight(status, plan, changed, mergedInto);
    }

    Flight cancelled() {
        return new Flight(FlightStatus.CANCELLED, plan, position, null);
    }

    Flight merged(String into) {
        return new Flight(FlightStatus.MERGED, plan, position, into);
    }
}
