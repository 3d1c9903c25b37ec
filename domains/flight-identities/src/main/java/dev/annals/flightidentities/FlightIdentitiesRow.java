package dev.annals.flightidentities;

import dev.annals.api.Doc;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

@Doc("View flight-identities: the latest flights of one callsign, with all names that they have.")
public record FlightIdentitiesRow(
        @Doc("In the order in which they began.") List<FlightEntry> flights,

        @Doc("The names of all of them, as channel:externalId.")
        List<String> aliases,

        @Doc("The flight numbers under which other airlines sell them.")
        List<String> codeshares,

        @Doc("No flight is opened that was before (UTC, milliseconds); absent while all flights are here.") @Nullable
        Instant knownSince) {

    @Doc("One flight of the callsign.")
    public record FlightEntry(
            @Doc("Our id.") String gufi,
            @Doc("Where it departs, by all who told.") List<String> origins,

            @Doc("Where it is to land, by all who told, also before it was changed.")
            List<String> destinations,

            @Doc("The earliest departure that was told (UTC, milliseconds); absent: none was.") @Nullable
            Instant departure,

            @Doc("Since when it is under way, by what was told (UTC, milliseconds).")
            Instant from,

            @Doc("Until when, likewise (UTC, milliseconds).")
            Instant to,

            @Doc("What channels call it, by channel and name.")
            List<FlightAlias> aliases,

            @Doc("The flight numbers under which other airlines sell it.")
            List<String> codeshares,

            @Doc("GUFI of the flight that stands for this one; absent unless it was merged.") @Nullable
            String mergedInto) {

        private static FlightEntry of(String callsign, IdentifiedFlight flight) {
            return new FlightEntry(
                    Gufi.of(callsign, flight.name()),
                    flight.origins(),
                    flight.destinations(),
                    flight.departure(),
                    flight.from(),
                    flight.to(),
                    flight.aliases(),
                    flight.codeshares(),
                    flight.mergedInto());
        }

        private IdentifiedFlight flight() {
            return new IdentifiedFlight(
                    Gufi.flight(gufi), origins, destinations, departure, from, to, aliases, codeshares, mergedInto);
        }
    }

    static FlightIdentitiesRow of(String callsign, FlightIdentities known) {
        return new FlightIdentitiesRow(
                known.flights().stream()
                        .map(flight -> FlightEntry.of(callsign, flight))
                        .toList(),
                sorted(known.flights().stream()
                        .flatMap(flight -> flight.aliases().stream().map(FlightAlias::text))),
                sorted(known.flights().stream().flatMap(flight -> flight.codeshares().stream())),
                known.knownSince());
    }

    private static List<String> sorted(Stream<String> names) {
        return names.distinct().sorted().toList();
    }

    FlightIdentities identities() {
        return new FlightIdentities(flights.stream().map(FlightEntry::flight).toList(), knownSince);
    }
}
