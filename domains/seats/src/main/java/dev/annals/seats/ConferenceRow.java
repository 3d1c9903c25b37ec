package dev.annals.seats;

import dev.annals.api.Doc;
import java.util.Map;
import java.util.Objects;

@Doc("View seats: one conference as it stands.")
public record ConferenceRow(
        @Doc("What the conference is called.") String name,
        @Doc("How many seats there are.") int capacity,
        @Doc("How many of them are reserved.") int reserved,
        @Doc("The capacity minus what is reserved.") int available,

        @Doc("Seats of each reservation that stands, by its id.")
        Map<String, Integer> reservations,

        @Doc("Whether the conference takes reservations.") ConferenceStatus status) {

    public ConferenceRow {
        reservations = Conference.sorted(reservations);
    }

    static ConferenceRow of(Conference conference) {
        return new ConferenceRow(
                Objects.requireNonNull(conference.name(), "name of a conference that has events"),
                conference.capacity(),
                conference.reserved(),
                conference.available(),
                conference.reservations(),
                Objects.requireNonNull(conference.status(), "status of a conference that has events"));
    }

    Conference conference() {
        return new Conference(status, name, capacity, reservations);
    }
}
