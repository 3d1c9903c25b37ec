package dev.annals.flights;

import dev.annals.api.Doc;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What can be asked of a flight. Avro schemas are recorded from it, see {@link Doc}. */
public sealed interface FlightCommand {

    /** What a plan says, under the names of the commands that bring one. */
    sealed interface Planning extends FlightCommand permits CreateFlight, FilePlan {

        String callsign();

        String origin();

        String destination();

        @Nullable
        String star();
    }

    @Doc("Command: a flight that was not known before, with its first plan.")
    record CreateFlight(
            @Doc("Aircraft identification, as in field 7 of a flight plan: 2 to 10 of A-Z and 0-9.")
            String callsign,

            @Doc("Where it departs; a code of the reference data.")
            String origin,

            @Doc("Where it is to land; a code of the reference data.")
            String destination,

            @Doc("Standard terminal arrival route; absent: none is planned.") @Nullable
            String star,

            @Doc("Departure by the plan (UTC).") @Nullable Instant departure,

            @Doc("Type designator, for instance B738.") @Nullable
            String aircraftType,

            @Doc("Registration mark, for instance N201FQ.") @Nullable
            String registration)
            implements Planning {}

    @Doc("Command: change parts of the current plan. Another destination wants a STAR of its own.")
    record AmendFlight(
            @Doc("Where it is to land now; absent: as before.") @Nullable
            String destination,

            @Doc("Arrival route now; absent: as before.") @Nullable
            String star,

            @Doc("Where it departs now; absent: as before.") @Nullable
            String origin)
            implements FlightCommand {}

    /** All of it: what is absent is not planned, whatever the plan before said. */
    @Doc("Command: a whole plan, as another system has it; takes the place of the current one unless it is older.")
    record FilePlan(
            @Doc("Aircraft identification, as in field 7 of a flight plan: 2 to 10 of A-Z and 0-9.")
            String callsign,

            @Doc("Where it departs; a code of the reference data.")
            String origin,

            @Doc("Where it is to land; a code of the reference data.")
            String destination,

            @Doc("Standard terminal arrival route; absent: none is planned.") @Nullable
            String star,

            @Doc("Departure by the plan (UTC).") @Nullable Instant departure,

            @Doc("Type designator, for instance B738.") @Nullable
            String aircraftType,

            @Doc("Registration mark, for instance N201FQ.") @Nullable
            String registration,

            @Doc("When its sender had it (UTC): the latest is the current one, in whatever order they come.")
            Instant receivedAt)
            implements Planning {}

    @Doc("Command: a position as it was seen; recorded whatever the plan says.")
    record RecordTrack(
            @Doc("When the aircraft was there (UTC).") Instant time,
            @Doc("Degrees, north positive; -90 to 90.") double latitude,
            @Doc("Degrees, east positive; -180 to 180.") double longitude,
            @Doc("Feet.") @Nullable Double altitude,
            @Doc("Knots; at least 0.") @Nullable Double groundSpeed)
            implements FlightCommand {}

    @Doc("Command: the flight does not take place.")
    record CancelFlight() implements FlightCommand {}

    @Doc("Command: this flight is the same as another one, which stands for both from now on.")
    record MergeFlights(
            @Doc("Id (GUFI) of the flight that stays.") String into) implements FlightCommand {}
}
