package dev.annals.flights;

import static dev.annals.flights.FlightRejection.FLIGHT_ALREADY_EXISTS;
import static dev.annals.flights.FlightRejection.FLIGHT_CLOSED;
import static dev.annals.flights.FlightRejection.FLIGHT_NOT_FOUND;
import static dev.annals.flights.FlightRejection.INVALID_CALLSIGN;
import static dev.annals.flights.FlightRejection.INVALID_MERGE;
import static dev.annals.flights.FlightRejection.INVALID_POSITION;
import static dev.annals.flights.FlightRejection.STAR_NOT_VALID_FOR_DESTINATION;
import static dev.annals.flights.FlightRejection.UNKNOWN_AIRPORT;

import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.flights.FlightCommand.AmendFlight;
import dev.annals.flights.FlightCommand.CancelFlight;
import dev.annals.flights.FlightCommand.CreateFlight;
import dev.annals.flights.FlightCommand.FilePlan;
import dev.annals.flights.FlightCommand.MergeFlights;
import dev.annals.flights.FlightCommand.Planning;
import dev.annals.flights.FlightCommand.RecordTrack;
import dev.annals.flights.FlightEvent.FlightAmended;
import dev.annals.flights.FlightEvent.FlightCancelled;
import dev.annals.flights.FlightEvent.FlightCreated;
import dev.annals.flights.FlightEvent.FlightsMerged;
import dev.annals.flights.FlightEvent.PlanFiled;
import dev.annals.flights.FlightEvent.TrackRecorded;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a flight: its arrival route belongs to its destination, and the last plan and the last position are the
 * last by their own times, in whatever order they come. A plan goes through the rules; a track is a fact, and is
 * recorded also where the flight is closed.
 */
public final class FlightDecider implements Decider<FlightCommand, Flight, FlightEvent> {

    private static final Pattern CALLSIGN = Pattern.compile("[A-Z0-9]{2,10}");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:~-]{1,200}");
    private static final double MAX_LATITUDE = 90;
    private static final double MAX_LONGITUDE = 180;

    private final ReferenceData reference = ReferenceData.shipped();

    @Override
    public Flight initial() {
        return Flight.NONE;
    }

    @Override
    public Decision<FlightEvent> decide(FlightCommand command, Flight flight) {
        return switch (command) {
            case CreateFlight create -> create(create, flight);
            case AmendFlight amend -> ifOpen(flight, plan -> amend(amend, plan));
            case FilePlan file -> ifOpen(flight, plan -> file(file));
            case RecordTrack track -> track(track, flight);
            case CancelFlight cancel -> ifOpen(flight, plan -> Decision.accept(new FlightCancelled()));
            case MergeFlights merge -> ifOpen(flight, plan -> merge(merge));
        };
    }

    @Override
    public Flight evolve(Flight flight, FlightEvent event) {
        return switch (event) {
            case FlightCreated created -> Flight.created(Plan.of(created));
            case FlightAmended amended -> flight.with(plan(flight).amended(amended));
            case PlanFiled filed -> flight.with(plan(flight).later(Plan.of(filed)));
            case TrackRecorded track -> flight.with(Position.later(flight.position(), Position.of(track)));
            case FlightCancelled cancelled -> flight.cancelled();
            case FlightsMerged merged -> flight.merged(merged.into());
        };
    }

    private Decision<FlightEvent> create(CreateFlight create, Flight flight) {
        if (flight.status() != null) {
            return FLIGHT_ALREADY_EXISTS.because("a flight with this id was created before");
        }
        Decision<FlightEvent> refusal = refusal(create);
        return refusal != null
                ? refusal
                : Decision.accept(new FlightCreated(
                        create.callsign(),
                        create.origin(),
                        create.destination(),
                        create.star(),
                        create.departure(),
                        create.aircraftType(),
                        create.registration()));
    }

    /** An older one than the current is no less true: it is recorded, and changes nothing. */
    private Decision<FlightEvent> file(FilePlan file) {
        Decision<FlightEvent> refusal = refusal(file);
        return refusal != null
                ? refusal
                : Decision.accept(new PlanFiled(
                        file.callsign(),
                        file.origin(),
                        file.destination(),
                        file.star(),
                        file.departure(),
                        file.aircraftType(),
                        file.registration(),
                        file.receivedAt()));
    }

    /** By the plan alone, so that the order in which plans come makes no difference to which are taken. */
    private @Nullable Decision<FlightEvent> refusal(Planning planned) {
        if (!CALLSIGN.matcher(planned.callsign()).matches()) {
            return INVALID_CALLSIGN.because(
                    "callsign '%s': expected 2 to 10 of A-Z and 0-9".formatted(planned.callsign()));
        }
        String unknown = unknown(planned.origin(), planned.destination());
        if (unknown != null) {
            return unknownAirport(unknown);
        }
        return planned.star() == null || reference.leadsTo(planned.star(), planned.destination())
                ? null
                : wrongStar(planned.star(), planned.destination());
    }

    private Decision<FlightEvent> amend(AmendFlight amend, Plan plan) {
        String unknown = unknown(amend.origin(), amend.destination());
        if (unknown != null) {
            return unknownAirport(unknown);
        }
        Plan amended = plan.amended(new FlightAmended(amend.destination(), amend.star(), amend.origin()));
        boolean arrivesOtherwise =
                !amended.destination().equals(plan.destination()) || !Objects.equals(amended.star(), plan.star());
        if (arrivesOtherwise && (amended.star() == null || !reference.leadsTo(amended.star(), amended.destination()))) {
            return wrongStar(amended.star(), amended.destination());
        }
        return amended.equals(plan)
                ? Decision.accept()
                : Decision.accept(new FlightAmended(amend.destination(), amend.star(), amend.origin()));
    }

    private static Decision<FlightEvent> track(RecordTrack track, Flight flight) {
        if (flight.status() == null) {
            return notFound();
        }
        if (!(Math.abs(track.latitude()) <= MAX_LATITUDE)) { // NaN is no number below anything
            return INVALID_POSITION.because("latitude: expected -90 to 90, got " + track.latitude());
        }
        if (!(Math.abs(track.longitude()) <= MAX_LONGITUDE)) {
            return INVALID_POSITION.because("longitude: expected -180 to 180, got " + track.longitude());
        }
        if (track.altitude() != null && !Double.isFinite(track.altitude())) {
            return INVALID_POSITION.because("altitude: expected feet, got " + track.altitude());
        }
        if (track.groundSpeed() != null && !(track.groundSpeed() >= 0 && Double.isFinite(track.groundSpeed()))) {
            return INVALID_POSITION.because("groundSpeed: expected at least 0, got " + track.groundSpeed());
        }
        return Decision.accept(new TrackRecorded(
                track.time(), track.latitude(), track.longitude(), track.altitude(), track.groundSpeed()));
    }

    /** Whether the other flight is there is decided in its own partition; here is only known what it is called. */
    private static Decision<FlightEvent> merge(MergeFlights merge) {
        return ID.matcher(merge.into()).matches()
                ? Decision.accept(new FlightsMerged(merge.into()))
                : INVALID_MERGE.because("into '%s': expected the id of a flight".formatted(merge.into()));
    }

    private @Nullable String unknown(@Nullable String... codes) {
        return Stream.of(codes)
                .filter(code -> code != null && !reference.knows(code))
                .findFirst()
                .orElse(null);
    }

    private static Decision<FlightEvent> unknownAirport(String code) {
        return UNKNOWN_AIRPORT.because("the reference data have no airport '%s'".formatted(code));
    }

    private static Decision<FlightEvent> wrongStar(@Nullable String star, String destination) {
        return STAR_NOT_VALID_FOR_DESTINATION.because(
                star == null
                        ? "the destination %s wants a star that leads to it".formatted(destination)
                        : "the star %s does not lead to %s".formatted(star, destination));
    }

    private static Decision<FlightEvent> notFound() {
        return FLIGHT_NOT_FOUND.because("no flight with this id was created");
    }

    private static Decision<FlightEvent> ifOpen(Flight flight, Function<Plan, Decision<FlightEvent>> decision) {
        return switch (flight.status()) {
            case null -> notFound();
            case ACTIVE -> decision.apply(plan(flight));
            case CANCELLED -> FLIGHT_CLOSED.because("the flight is cancelled");
            case MERGED -> FLIGHT_CLOSED.because("the flight is merged into " + flight.mergedInto());
        };
    }

    private static Plan plan(Flight flight) {
        return Objects.requireNonNull(flight.plan(), "plan of a flight that exists");
    }
}
