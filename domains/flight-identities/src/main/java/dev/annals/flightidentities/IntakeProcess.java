package dev.annals.flightidentities;

import static java.util.Objects.requireNonNull;

import dev.annals.api.Effect;
import dev.annals.api.Effect.Send;
import dev.annals.api.Ids;
import dev.annals.api.Input;
import dev.annals.api.Input.Answered;
import dev.annals.api.Input.Due;
import dev.annals.api.Input.Happened;
import dev.annals.api.Input.Outcome;
import dev.annals.api.ProcessManager;
import dev.annals.flightidentities.IdentityEvent.FlightIdentified;
import dev.annals.flightidentities.IdentityEvent.FlightsMerged;
import dev.annals.flightidentities.Intake.Report;
import dev.annals.flights.FlightCommand;
import dev.annals.flights.FlightCommand.CreateFlight;
import dev.annals.flights.FlightCommand.MergeFlights;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Identified messages to flights: the first about a flight creates it, and what each says becomes a plan or a track of
 * it, or both. An instance is a flight, by its GUFI; messages about one that was merged are for the instance of the
 * flight that stands for it.
 *
 * <p>A flight is created without airports, whatever the first message says: its plans are told by {@code FilePlan}
 * alone, of which the last by its own time counts. So channels can come in any order. A flight that is there already is
 * as good as a new one.
 *
 * <p>Nothing ends an instance: a message can be late, and what comes after the end would be lost. It holds no more than
 * the last plan and the last track.
 */
public final class IntakeProcess implements ProcessManager<Intake> {

    static final String NAME = "flight-intake";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Class<?>> events() {
        return List.of(IdentityEvent.class);
    }

    @Override
    public List<Class<?>> commands() {
        return List.of(FlightCommand.class);
    }

    /** None where the callsign is so long that no flight can have the GUFI: it is none, and nothing would take it. */
    @Override
    public @Nullable String instance(Happened happened) {
        String gufi = gufi(happened);
        return Ids.isValid(gufi) ? Ids.ofInstance(NAME, gufi) : null;
    }

    private static String gufi(Happened happened) {
        return switch ((IdentityEvent) happened.event()) {
            case FlightIdentified identified ->
                identified.mergedInto() == null
                        ? Gufi.of(happened.aggregateId(), identified.flight())
                        : identified.mergedInto();
            case FlightsMerged merged -> Gufi.of(happened.aggregateId(), merged.flight());
        };
    }

    @Override
    public Class<Intake> state() {
        return Intake.class;
    }

    @Override
    public Intake initial() {
        return Intake.NONE;
    }

    @Override
    public Intake evolve(Intake intake, Input input) {
        return switch (input) {
            case Happened happened -> evolve(intake, happened);
            case Answered answered -> evolve(intake.calm(), answered);
            case Due due -> intake.calm(); // no timer is ever set
        };
    }

    private static Intake evolve(Intake intake, Happened happened) {
        String gufi = gufi(happened);
        return switch ((IdentityEvent) happened.event()) {
            case FlightIdentified identified -> intake.told(gufi, Report.of(happened.aggregateId(), identified));
            case FlightsMerged merged -> intake.merged(gufi, merged.into());
        };
    }

    private static Intake evolve(Intake intake, Answered answered) {
        boolean creation = answered.command() instanceof CreateFlight;
        boolean isThere = creation && "flight-already-exists".equals(answered.code());
        Intake known = answered.code() == null || isThere ? intake : intake.withProblem(answered.code());
        // What failed can be sent again, and is answered again then.
        return creation && answered.outcome() != Outcome.FAILED ? known.there(answered.aggregateId()) : known;
    }

    @Override
    public List<Effect> react(Intake intake, Input input) {
        String target = intake.target();
        return switch (intake.ask()) {
            case NOTHING -> told(target, intake.now());
            case CREATE -> List.of(create(target));
            case MERGE -> {
                String merged = requireNonNull(intake.gufi());
                List<Effect> effects = new ArrayList<>(told(merged, intake.now()));
                effects.add(new Send(merged, new MergeFlights(target)));
                effects.add(create(target));
                yield effects;
            }
        };
    }

    private static List<Effect> told(String gufi, List<Report> reports) {
        return reports.stream()
                .flatMap(report -> Stream.of(report.plan(), report.track()))
                .filter(Objects::nonNull)
                .<Effect>map(command -> new Send(gufi, command))
                .toList();
    }

    private static Send create(String gufi) {
        return new Send(
                gufi, new CreateFlight(Gufi.callsign(gufi), Report.NOWHERE, Report.NOWHERE, null, null, null, null));
    }
}
