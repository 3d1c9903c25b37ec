package dev.annals.flightidentities;

import static dev.annals.flightidentities.Messages.NOON;
import static dev.annals.flightidentities.Messages.TEXT;
import static dev.annals.flightidentities.Messages.hours;
import static dev.annals.flightidentities.Messages.identified;
import static dev.annals.flightidentities.Messages.named;
import static dev.annals.flightidentities.Messages.seen;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.Filter;
import dev.annals.flightidentities.FlightIdentitiesRow.FlightEntry;
import dev.annals.flightidentities.IdentityCommand.Identify;
import dev.annals.flightidentities.IdentityEvent.FlightsMerged;
import dev.annals.testkit.ViewKit;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlightIdentitiesViewTest {

    private static final String FIRST = "20200401T1200";

    private final ViewKit<IdentityEvent, FlightIdentitiesRow> view = ViewKit.of(new FlightIdentitiesView());

    @Test
    void a_row_has_the_flights_of_a_callsign_with_all_their_names() {
        Identify codeshare = new Identify("sfo", "D-SIA-31", null, null, NOON, NOON, "UAL7971", TEXT, null, null);
        view.given(
                        "SIA31",
                        identified(FIRST, true, named("43987902", NOON, hours(1))),
                        identified(FIRST, false, seen("A6C75E", hours(2))),
                        identified(FIRST, false, codeshare))
                .thenRow(
                        "SIA31",
                        new FlightIdentitiesRow(
                                List.of(new FlightEntry(
                                        "SIA31." + FIRST,
                                        List.of("KSFO"),
                                        List.of("WSSS"),
                                        NOON,
                                        NOON,
                                        hours(2),
                                        List.of(
                                                new FlightAlias("icao24", "A6C75E", hours(2), hours(2)),
                                                new FlightAlias("sfo", "D-SIA-31", NOON, NOON),
                                                new FlightAlias("tfm", "43987902", NOON, NOON)),
                                        List.of("UAL7971"),
                                        null)),
                                List.of("icao24:A6C75E", "sfo:D-SIA-31", "tfm:43987902"),
                                List.of("UAL7971"),
                                null));
    }

    @Test
    void a_merged_flight_says_which_one_stands_for_it() {
        view.given(
                "SIA31",
                identified(FIRST, true, named("43987902", NOON, NOON)),
                new FlightsMerged(FIRST, "SIA32.20200401T1200"));

        assertThat(view.row("SIA31").orElseThrow().flights().getFirst().mergedInto())
                .isEqualTo("SIA32.20200401T1200");
    }

    @Test
    void rows_are_found_by_their_names() {
        assertThat(new FlightIdentitiesView().filters())
                .containsExactly(Filter.byField("alias", "aliases"), Filter.byField("codeshare", "codeshares"));
    }
}
