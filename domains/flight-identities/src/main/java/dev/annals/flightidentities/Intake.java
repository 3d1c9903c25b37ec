package dev.annals.flightidentities;

import dev.annals.flightidentities.IdentityEvent.FlightIdentified;
import dev.annals.flights.FlightCommand.FilePlan;
import dev.annals.flights.FlightCommand.RecordTrack;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the process {@code flight-intake} knows of a flight: how far it has got, what waits for that, and the last of
 * what was told. It says what it is like after an input; {@link IntakeProcess} says it to others.
 *
 * @param gufi null as long as nothing was told
 * @param mergedInto GUFI of the flight that stands for this one; null unless it was merged
 * @param held what was told while the flight that it is for may not be there yet, at most {@link #MAX_HELD}
 * @param plan the last by its own time; null if none was told
 * @param track the last by its own time; null if none was told
 * @param problem the code of the last answer that an operator should look at; null if there was none
 * @param ask what the last input asks for
 * @param now what is to be told because of the last input
 */
public record Intake(
        @Nullable String gufi,
        @Nullable String mergedInto,
        Stage stage,
        List<Report> held,
        @Nullable FilePlan plan,
        @Nullable RecordTrack track,
        @Nullable String problem,
        Ask ask,
        List<Report> now) {

    static final Intake NONE =
            new Intake(null, null, Stage.UNKNOWN, List.of(), null, null, null, Ask.NOTHING, List.of());

    /** The answer takes a fraction of a second, and a radar turns in some. */
    static final int MAX_HELD = 64;

    /** How far a flight has got. */
    public enum Stage {
        /** Nobody told of it. */
        UNKNOWN,
        /** It was asked to be created, and there is no answer. */
        CREATING,
        CREATED,
        /** It was merged, and the flight that stands for it was asked to be created. */
        MERGING,
        /** What is told of it is for the flight that stands for it. */
        MERGED
    }

    /** What the last input asks for. */
    public enum Ask {
        NOTHING,
        CREATE,

        /** Merge the flight when it was told the rest, and have the one that stands for it be there. */
        MERGE
    }

    /** What one message says, as commands to a flight. */
    public record Report(@Nullable FilePlan plan, @Nullable RecordTrack track) {

        /** What the reference data have for an airport that is not known. */
        static final String NOWHERE = "?";

        static Report of(String callsign, FlightIdentified told) {
            PlanReport plan = told.plan();
            TrackReport track = told.track();
            return new Report(
                    plan == null
                            ? null
                            : new FilePlan(
                                    callsign,
                                    Objects.requireNonNullElse(told.origin(), NOWHERE),
                                    Objects.requireNonNullElse(told.destination(), NOWHERE),
                                    plan.star(),
                                    told.departure(),
                                    plan.aircraftType(),
                                    plan.registration(),
                                    told.time()),
                    track == null
                            ? null
                            : new RecordTrack(
                                    told.time(),
                                    track.latitude(),
                                    track.longitude(),
                                    track.altitude(),
                                    track.groundSpeed()));
        }

        boolean isEmpty() {
            return plan == null && track == null;
        }
    }

    Intake told(String flight, Report report) {
        FilePlan lastPlan =
                report.plan() != null && (plan == null || isLater(report.plan().receivedAt(), plan.receivedAt()))
                        ? report.plan()
                        : plan;
        RecordTrack lastTrack = report.track() != null
                        && (track == null || isLater(report.track().time(), track.time()))
                ? report.track()
                : track;
        Intake told = new Intake(flight, mergedInto, stage, held, lastPlan, lastTrack, problem, Ask.NOTHING, List.of());
        return told.created(flight).passedOn(report);
    }

    /** As flights do: of those with the same time the first that came stands. */
    private static boolean isLater(Instant one, Instant other) {
        return one.truncatedTo(ChronoUnit.MILLIS).isAfter(other.truncatedTo(ChronoUnit.MILLIS));
    }

    /** With the first that is told of a flight it is to be created. */
    private Intake created(String flight) {
        return stage == Stage.UNKNOWN
                ? new Intake(flight, mergedInto, Stage.CREATING, held, plan, track, problem, Ask.CREATE, List.of())
                : this;
    }

    /**
     * At once, or when the flight is there. What would be too much to hold goes at once, too: it is decided after the
     * creation all the same, unless that failed, and then the flight says that it does not exist.
     */
    private Intake passedOn(Report report) {
        boolean waits = stage == Stage.CREATING || stage == Stage.MERGING;
        if (report.isEmpty()) {
            return this;
        }
        return waits && held.size() < MAX_HELD
                ? with(stage, Stream.concat(held.stream(), Stream.of(report)).toList(), ask, List.of())
                : with(stage, held, ask, List.of(report));
    }

    Intake merged(String flight, String into) {
        Intake merged = new Intake(
                        flight,
                        Objects.requireNonNullElse(mergedInto, into),
                        stage,
                        held,
                        plan,
                        track,
                        problem,
                        Ask.NOTHING,
                        List.of())
                .created(flight);
        return merged.stage == Stage.CREATED ? merged.handedOver() : merged;
    }

    /** Whether it is there now, or can't be: who sends to it learns it from the flight itself. */
    Intake there(String flight) {
        return switch (stage) {
            case CREATING -> {
                if (!flight.equals(gufi)) {
                    yield this;
                }
                yield mergedInto == null ? with(Stage.CREATED, List.of(), Ask.NOTHING, held) : handedOver();
            }
            case MERGING -> flight.equals(mergedInto) ? with(Stage.MERGED, List.of(), Ask.NOTHING, held) : this;
            case UNKNOWN, CREATED, MERGED -> this;
        };
    }

    /** What was held is still told to this flight; the last of all goes to the one that stands for it. */
    private Intake handedOver() {
        Report last = new Report(plan, track);
        return with(Stage.MERGING, last.isEmpty() ? List.of() : List.of(last), Ask.MERGE, held);
    }

    Intake withProblem(@Nullable String code) {
        return new Intake(gufi, mergedInto, stage, held, plan, track, code, ask, now);
    }

    /** Nothing is asked for any more. */
    Intake calm() {
        return with(stage, held, Ask.NOTHING, List.of());
    }

    private Intake with(Stage newStage, List<Report> newHeld, Ask newAsk, List<Report> newNow) {
        return new Intake(gufi, mergedInto, newStage, newHeld, plan, track, problem, newAsk, newNow);
    }

    /** Who is told: the flight, or the one that stands for it. */
    String target() {
        boolean other = stage == Stage.MERGING || stage == Stage.MERGED;
        return Objects.requireNonNull(other ? mergedInto : gufi, "of a flight that was told of");
    }
}
