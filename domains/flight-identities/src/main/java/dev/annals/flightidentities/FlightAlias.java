package dev.annals.flightidentities;

import dev.annals.api.Doc;
import java.time.Instant;

@Doc("What a channel calls a flight, and from when to when it has done so: a transponder has many flights.")
public record FlightAlias(
        @Doc("Who calls it so.") String channel,
        @Doc("What it is called.") String externalId,

        @Doc("The first time that was told under this name (UTC, milliseconds).")
        Instant from,

        @Doc("The last time that was told under this name (UTC, milliseconds).")
        Instant to) {

    boolean is(String otherChannel, String otherId) {
        return channel.equals(otherChannel) && externalId.equals(otherId);
    }

    Span span() {
        return new Span(from, to);
    }

    /** As one text, by which it is looked for. */
    String text() {
        return channel + ":" + externalId;
    }
}
