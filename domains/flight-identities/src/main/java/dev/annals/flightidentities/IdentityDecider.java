package dev.annals.flightidentities;

import static dev.annals.flightidentities.IdentityRejection.FLIGHT_CLOSED;
import static dev.annals.flightidentities.IdentityRejection.FLIGHT_NOT_FOUND;
import static dev.annals.flightidentities.IdentityRejection.IDENTIFICATION_TOO_LATE;
import static dev.annals.flightidentities.IdentityRejection.INVALID_IDENTIFICATION;
import static dev.annals.flightidentities.IdentityRejection.INVALID_MERGE;
import static dev.annals.flightidentities.IdentityRejection.TOO_MANY_NAMES;

import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.flightidentities.IdentityCommand.Identify;
import dev.annals.flightidentities.IdentityCommand.MergeFlights;
import dev.annals.flightidentities.IdentityEvent.FlightIdentified;
import dev.annals.flightidentities.IdentityEvent.FlightsMerged;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules of identity: each message is about exactly one flight of its callsign, a name is given to one flight at a
 * time, and flights become one only when somebody says so.
 */
public final class IdentityDecider implements Decider<IdentityCommand, FlightIdentities, IdentityEvent> {

    private static final Pattern CHANNEL = Pattern.compile("[a-z0-9-]{1,40}");
    private static final Pattern EXTERNAL_ID = Pattern.compile("\\S{1,200}");
    private static final Pattern PLACE = Pattern.compile("\\S{1,20}");
    private static final Pattern CODESHARE = Pattern.compile("[A-Z0-9]{2,10}");
    private static final Pattern GUFI = Pattern.compile("[A-Za-z0-9._:~-]{1,200}");

    /** In characters; a message of the recordings has 5,000 at most. */
    private static final int MAX_TEXT = 100_000;

    @Override
    public FlightIdentities initial() {
        return FlightIdentities.NONE;
    }

    @Override
    public Decision<IdentityEvent> decide(IdentityCommand command, FlightIdentities known) {
        return switch (command) {
            case Identify identify -> identify(identify, known);
            case MergeFlights merge -> merge(merge, known);
        };
    }

    @Override
    public FlightIdentities evolve(FlightIdentities known, IdentityEvent event) {
        return switch (event) {
            case FlightIdentified identified ->
                known.with(known.named(identified.flight())
                        .map(flight -> flight.told(Sighting.of(identified)))
                        .orElseGet(() -> IdentifiedFlight.opened(identified.flight(), Sighting.of(identified))));
            case FlightsMerged merged ->
                known.named(merged.flight())
                        .map(flight -> known.with(flight.merged(merged.into())))
                        .orElse(known);
        };
    }

    private static Decision<IdentityEvent> identify(Identify identify, FlightIdentities known) {
        String wrong = wrong(identify);
        if (wrong != null) {
            return INVALID_IDENTIFICATION.because(wrong);
        }
        Sighting seen = Sighting.of(identify);
        IdentifiedFlight flight = known.of(seen).orElse(null);
        if (flight == null) {
            return known.isTooLate(seen.at())
                    ? IDENTIFICATION_TOO_LATE.because("a flight of %s may have been known and left: the latest %d stay"
                            .formatted(seen.at(), FlightIdentities.MAX_FLIGHTS))
                    : Decision.accept(identified(known.nameFor(seen.at()), true, null, identify));
        }
        return flight.told(seen).isFull()
                ? TOO_MANY_NAMES.because("flight %s: expected at most %d airports, external ids and codeshares each"
                        .formatted(flight.name(), IdentifiedFlight.MAX_NAMES))
                : Decision.accept(identified(flight.name(), false, flight.mergedInto(), identify));
    }

    private static FlightIdentified identified(
            String flight, boolean opened, @Nullable String mergedInto, Identify command) {
        return new FlightIdentified(
                flight,
                opened,
                mergedInto,
                command.channel(),
                command.externalId(),
                command.origin(),
                command.destination(),
                command.departure(),
                command.time(),
                command.codeshare(),
                command.message(),
                command.plan(),
                command.track());
    }

    private static @Nullable String wrong(Identify identify) {
        if (!CHANNEL.matcher(identify.channel()).matches()) {
            return "channel '%s': expected 1 to 40 of a-z, 0-9 and -".formatted(identify.channel());
        }
        if (differs(EXTERNAL_ID, identify.externalId())) {
            return "externalId '%s': expected 1 to 200 characters without spaces".formatted(identify.externalId());
        }
        if (differs(PLACE, identify.origin())) {
            return "origin '%s': expected 1 to 20 characters without spaces".formatted(identify.origin());
        }
        if (differs(PLACE, identify.destination())) {
            return "destination '%s': expected 1 to 20 characters without spaces".formatted(identify.destination());
        }
        if (differs(CODESHARE, identify.codeshare())) {
            return "codeshare '%s': expected 2 to 10 of A-Z and 0-9".formatted(identify.codeshare());
        }
        int length = identify.message().text().length();
        return length > MAX_TEXT
                ? "message.text: expected at most %,d characters, got %,d".formatted(MAX_TEXT, length)
                : null;
    }

    private static boolean differs(Pattern pattern, @Nullable String text) {
        return text != null && !pattern.matcher(text).matches();
    }

    private static Decision<IdentityEvent> merge(MergeFlights merge, FlightIdentities known) {
        if (!GUFI.matcher(merge.into()).matches()) {
            return INVALID_MERGE.because("into '%s': expected the GUFI of a flight".formatted(merge.into()));
        }
        IdentifiedFlight flight = known.named(merge.flight()).orElse(null);
        if (flight == null) {
            return FLIGHT_NOT_FOUND.because("this callsign has no flight '%s'".formatted(merge.flight()));
        }
        if (flight.mergedInto() != null) {
            return merge.into().equals(flight.mergedInto())
                    ? Decision.accept()
                    : FLIGHT_CLOSED.because("the flight is merged into " + flight.mergedInto());
        }
        return Decision.accept(new FlightsMerged(merge.flight(), merge.into()));
    }
}
