package dev.annals.flightidentities;

import dev.annals.api.Doc;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What can happen to the flights of a callsign. Avro schemas are recorded from it, see {@link Doc}. */
public sealed interface IdentityEvent {

    @Doc("Event: a message is about this flight. The GUFI is the callsign, a dot and the flight.")
    record FlightIdentified(
            @Doc("The flight's own part of its GUFI.") String flight,
            @Doc("Whether nobody had told of it before.") boolean opened,

            @Doc("GUFI of the flight that stands for this one, if it was merged.") @Nullable
            String mergedInto,

            @Doc("Who sent the message.") String channel,

            @Doc("What the channel calls it; absent: it did not say.") @Nullable
            String externalId,

            @Doc("Where it departs; absent: not told.") @Nullable
            String origin,

            @Doc("Where it is to land; absent: not told.") @Nullable
            String destination,

            @Doc("When it departs (UTC); absent: not told.") @Nullable
            Instant departure,

            @Doc("When what the message tells was so (UTC).")
            Instant time,

            @Doc("Flight number under which another airline sells it, if the message came under that.") @Nullable
            String codeshare,

            @Doc("As it was received.") Message message,

            @Doc("What it says of the flight's plan; absent: it is no plan.") @Nullable
            PlanReport plan,

            @Doc("What it says of where the aircraft was; absent: nothing.") @Nullable
            TrackReport track)
            implements IdentityEvent {}

    @Doc("Event: a flight of this callsign is the same as another one, which stands for both from now on.")
    record FlightsMerged(
            @Doc("The flight's own part of its GUFI.") String flight,
            @Doc("GUFI of the flight that stays.") String into)
            implements IdentityEvent {}
}
