package dev.annals.flightidentities;

import static dev.annals.flightidentities.Messages.NOON;
import static dev.annals.flightidentities.Messages.hours;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.flightidentities.IdentityCommand.Identify;
import dev.annals.flightidentities.IdentityCommand.MergeFlights;
import dev.annals.flights.Flight;
import dev.annals.flights.FlightCommand.CreateFlight;
import dev.annals.flights.FlightStatus;
import dev.annals.flights.FlightsDomain;
import dev.annals.flights.Plan;
import dev.annals.flights.Position;
import dev.annals.testkit.SimulatedHost;
import dev.annals.testkit.SimulatedHost.Ended;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The process with the rules of identities and flights, in whatever order messages, events and answers come: a flight
 * ends with the last plan and the last track by their own times.
 */
class IntakeRacesTest {

    private static final String NAME = "20200401T1200";
    private static final String GUFI = "UAL1." + NAME;
    private static final String OTHER = "UAL1P." + NAME;

    private static final Identify FILED = Messages.planned("KSFO", "WSSS", hours(-3));
    private static final Identify CHANGED = Messages.planned("KSFO", "RJAA", hours(-2));
    private static final Identify SEEN = Messages.tracked(37, hours(1));
    private static final Identify SEEN_LATER = Messages.tracked(38, hours(2));

    @Test
    void channels_side_by_side_lead_to_the_last_plan_and_track() {
        host().when("UAL1", FILED)
                .when("UAL1", CHANGED)
                .when("UAL1", SEEN)
                .when("UAL1", SEEN_LATER)
                .thenEachEnd(end -> assertLast(end, GUFI, "RJAA", 38));
    }

    @Test
    void so_does_a_flight_that_somebody_else_creates_meanwhile() {
        host().when("UAL1", FILED, SEEN_LATER)
                .when(GUFI, new CreateFlight("UAL1", "KLAX", "KSFO", null, null, null, null))
                .thenEachEnd(end -> assertLast(end, GUFI, "WSSS", 38));
    }

    /** An operator sends again what failed, at any later time. */
    @Test
    void so_does_whatever_fails_first() {
        host().when("UAL1", FILED)
                .when("UAL1", CHANGED, SEEN_LATER)
                .failing(send -> true)
                .thenEachEnd(end -> assertLast(end, GUFI, "RJAA", 38));
    }

    /** What was told meanwhile is not lost. */
    @Test
    void so_does_a_creation_alone_that_fails_first() {
        host().when("UAL1", FILED, SEEN_LATER)
                .when("UAL1", CHANGED)
                .failing(send -> send.command() instanceof CreateFlight)
                .thenEachEnd(end -> assertLast(end, GUFI, "RJAA", 38));
    }

    @Test
    void a_merge_at_any_time_leads_to_the_last_of_both() {
        host().given("UAL1", FILED)
                .when("UAL1P", CHANGED, new MergeFlights(NAME, GUFI), SEEN)
                .when("UAL1", SEEN_LATER)
                .thenEachEnd(this::assertMerged);
    }

    @Test
    void so_does_one_of_which_everything_fails_first() {
        host().given("UAL1", FILED)
                .when("UAL1P", CHANGED, SEEN_LATER, new MergeFlights(NAME, GUFI))
                .failing(send -> true)
                .thenEachEnd(this::assertMerged);
    }

    private void assertMerged(Ended end) {
        assertLast(end, GUFI, "RJAA", 38);
        assertThat(end.states(Flight.class).get(OTHER))
                .returns(FlightStatus.MERGED, Flight::status)
                .returns(GUFI, Flight::mergedInto);
    }

    private static void assertLast(Ended end, String gufi, String destination, double latitude) {
        Map<String, Flight> flights = end.states(Flight.class);
        Plan plan = flights.get(gufi).plan();
        Position position = flights.get(gufi).position();
        assertThat(plan).returns(destination, Plan::destination).returns(NOON, Plan::departure);
        assertThat(position).returns(latitude, Position::latitude);
        assertThat(end.unanswered()).isEmpty();
    }

    private static SimulatedHost<Intake> host() {
        return SimulatedHost.of(
                new IntakeProcess(), new FlightIdentitiesDomain().aggregate(), new FlightsDomain().aggregate());
    }
}
