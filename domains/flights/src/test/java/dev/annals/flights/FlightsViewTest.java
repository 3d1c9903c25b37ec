package dev.annals.flights;

import static dev.annals.flights.Plans.CREATED;
import static dev.annals.flights.Plans.NOON;
import static dev.annals.flights.Plans.filed;
import static dev.annals.flights.Plans.position;
import static dev.annals.flights.Plans.tracked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.Filter;
import dev.annals.flights.FlightEvent.FlightAmended;
import dev.annals.flights.FlightEvent.FlightCancelled;
import dev.annals.flights.FlightEvent.FlightsMerged;
import dev.annals.testkit.ViewKit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FlightsViewTest {

    private final ViewKit<FlightEvent, FlightRow> flights = ViewKit.of(new FlightsView());
    private final ViewKit<FlightEvent, AirportFlightRow> airports = ViewKit.of(new AirportFlightsView());

    @Test
    void a_row_has_the_last_plan_and_the_last_position() {
        flights.given("gufi-1", CREATED)
                .thenRow("gufi-1", row(null, FlightStatus.ACTIVE, null))
                .given("gufi-1", tracked(NOON, 37), tracked(NOON.minusSeconds(1), 36))
                .thenRow("gufi-1", row(position(NOON, 37), FlightStatus.ACTIVE, null))
                .given("gufi-1", filed("O27", null, NOON), filed("KOAK", null, NOON.minusSeconds(1)))
                .thenRow(
                        "gufi-1",
                        new FlightRow(
                                "SWA123",
                                "KLAX",
                                "O27",
                                null,
                                NOON,
                                "B737",
                                null,
                                NOON,
                                position(NOON, 37),
                                FlightStatus.ACTIVE,
                                null));
    }

    @Test
    void a_closed_flight_keeps_its_row_which_says_why() {
        flights.given("gufi-1", CREATED, new FlightCancelled())
                .given("gufi-2", CREATED, new FlightsMerged("gufi-3"))
                .thenRow("gufi-1", row(null, FlightStatus.CANCELLED, null))
                .thenRow("gufi-2", row(null, FlightStatus.MERGED, "gufi-3"));
    }

    @Test
    void a_flight_is_under_its_airports_and_moves_when_it_is_amended() {
        airports.given("gufi-1", CREATED, tracked(NOON, 37));
        assertThat(airports.row("gufi-1").orElseThrow().airports()).containsExactly("KLAX", "KSFO");

        airports.given("gufi-1", new FlightAmended("KOAK", "EMZOH4", null));
        assertThat(airports.row("gufi-1").orElseThrow().airports()).containsExactly("KLAX", "KOAK");

        airports.given("gufi-1", filed("KLAX", null, NOON), filed("KSFO", null, NOON.minusSeconds(1)));
        assertThat(airports.row("gufi-1").orElseThrow().airports()).containsExactly("KLAX");
    }

    @Test
    void of_merged_flights_the_one_that_stays_is_under_its_airports() {
        airports.given("gufi-1", CREATED, new FlightsMerged("gufi-2"), tracked(NOON, 37))
                .given("gufi-2", CREATED, new FlightCancelled())
                .thenKeys("gufi-2");
    }

    @Test
    void rows_are_found_by_callsign_airports_departure_and_status() {
        assertThat(new FlightsView().filters())
                .containsExactly(
                        Filter.byField("callsign", "callsign"),
                        Filter.byField("origin", "origin"),
                        Filter.byField("destination", "destination"),
                        Filter.byField("departure", "departure"),
                        Filter.byField("status", "status"));
        assertThat(new AirportFlightsView().filters())
                .containsExactly(Filter.byField("airport", "airports"), Filter.byField("departure", "departure"));
    }

    private static FlightRow row(@Nullable Position position, FlightStatus status, @Nullable String mergedInto) {
        return new FlightRow(
                "SWA123", "KLAX", "KSFO", "SERFR4", NOON, "B737", "N201FQ", null, position, status, mergedInto);
    }
}
