package dev.annals.flightidentities;

import dev.annals.api.Doc;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of the flights of a callsign, which is the aggregate's id. Avro schemas are recorded from it, see
 * {@link Doc}.
 */
public sealed interface IdentityCommand {

    @Doc("Command: say which flight of this callsign a message is about; one that is not known yet gets an id (GUFI).")
    record Identify(
            @Doc(
                    "Who sends such messages, for instance sfdps; external ids are of one channel. 1 to 40 of a-z, 0-9 and -.")
            String channel,

            @Doc("What the channel calls the flight or its aircraft; absent: it does not say.") @Nullable
            String externalId,

            @Doc("Where it departs, as an ICAO location indicator where there is one; absent: not told.") @Nullable
            String origin,

            @Doc("Where it is to land, likewise; absent: not told.") @Nullable
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
            implements IdentityCommand {}

    @Doc("Command: a flight of this callsign is the same as another one, which stands for both from now on.")
    record MergeFlights(
            @Doc("The flight's own part of its GUFI: what follows the callsign and the dot.")
            String flight,

            @Doc("GUFI of the flight that stays; it may be of another callsign.")
            String into)
            implements IdentityCommand {}
}
