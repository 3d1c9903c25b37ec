package dev.annals.imports;

import dev.annals.flights.ReferenceData;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What must come of the records of one flight: the import's own books, which know of the domain's rules that airports
 * are those of the reference data. Used by one thread.
 */
final class IffFlight {

    /** @param departure null where the record does not tell it */
    record Plan(
            String callsign,
            String origin,
            String destination,
            @Nullable Instant departure,
            @Nullable String aircraftType,
            Instant receivedAt) {}

    /** @param altitude in feet */
    record Track(
            String callsign,
            Instant time,
            double latitude,
            double longitude,
            @Nullable Double altitude,
            @Nullable Double groundSpeed) {}

    private Plan plan;
    private boolean filed;
    private @Nullable Track track;
    private long version;
    private long records;
    private long late;

    IffFlight(Plan first) {
        this.plan = first;
    }

    void created() {
        records++;
        version++;
    }

    /** Takes its place unless the one that stands is of the same time or later. */
    void take(Plan other) {
        records++;
        if (!isAccepted(other)) {
            return;
        }
        version++;
        if (!filed || other.receivedAt().isAfter(plan.receivedAt())) {
            plan = other;
            filed = true;
        } else {
            late++;
        }
    }

    /** Likewise. */
    void take(Track other) {
        records++;
        version++;
        if (track == null || other.time().isAfter(track.time())) {
            track = other;
        } else {
            late++;
        }
    }

    static boolean isAccepted(Plan plan) {
        ReferenceData reference = ReferenceData.shipped();
        return reference.knows(plan.origin()) && reference.knows(plan.destination());
    }

    Plan plan() {
        return plan;
    }

    @Nullable
    Track track() {
        return track;
    }

    /** Of the flight, after everything that was taken. */
    long version() {
        return version;
    }

    /** How many commands there were, whatever came of them. */
    long records() {
        return records;
    }

    /** How many of them came after a later one, and move nothing. */
    long late() {
        return late;
    }
}
