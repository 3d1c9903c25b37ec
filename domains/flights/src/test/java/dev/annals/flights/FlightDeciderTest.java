package dev.annals.flights;

import static dev.annals.flights.Plans.CREATED;
import static dev.annals.flights.Plans.NOON;
import static dev.annals.flights.Plans.filed;
import static dev.annals.flights.Plans.plan;
import static dev.annals.flights.Plans.position;
import static dev.annals.flights.Plans.track;
import static dev.annals.flights.Plans.tracked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.flights.FlightCommand.AmendFlight;
import dev.annals.flights.FlightCommand.CancelFlight;
import dev.annals.flights.FlightCommand.CreateFlight;
import dev.annals.flights.FlightCommand.FilePlan;
import dev.annals.flights.FlightCommand.MergeFlights;
import dev.annals.flights.FlightCommand.RecordTrack;
import dev.annals.flights.FlightEvent.FlightAmended;
import dev.annals.flights.FlightEvent.FlightCancelled;
import dev.annals.flights.FlightEvent.FlightsMerged;
import dev.annals.testkit.DeciderKit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlightDeciderTest {

    private static final CreateFlight CREATE = create("SWA123", "KSFO", "SERFR4");

    /** One valid command of every type except the creating one. */
    private static final List<FlightCommand> ON_A_FLIGHT = List.of(
            new AmendFlight("KOAK", "EMZOH4", null),
            plan("KOAK", null, NOON),
            track(NOON, 37),
            new CancelFlight(),
            new MergeFlights("gufi-2"));

    static final List<FlightCommand> OF_THE_PLAN =
            ON_A_FLIGHT.stream().filter(each -> !(each instanceof RecordTrack)).toList();

    @ParameterizedTest
    @FieldSource("ON_A_FLIGHT")
    void a_flight_that_was_not_created_is_not_found(FlightCommand command) {
        given().when(command).thenRejected("flight-not-found");
    }

    @ParameterizedTest
    @FieldSource("OF_THE_PLAN")
    void the_plan_of_a_closed_flight_does_not_change(FlightCommand command) {
        given(CREATED).when(command).thenAccepted();
        given(CREATED, new FlightCancelled()).when(command).thenRejected("flight-closed", "cancelled");
        given(CREATED, new FlightsMerged("gufi-2")).when(command).thenRejected("flight-closed", "gufi-2");
    }

    @Test
    void every_command_type_is_covered_above() {
        assertThat(ON_A_FLIGHT).hasSize(6 - 1).extracting(Object::getClass).doesNotHaveDuplicates();
    }

    @Nested
    class Creating {

        @Test
        void a_flight_has_the_plan_that_it_was_created_with() {
            assertThat(given().when(CREATE).then(CREATED).state())
                    .returns(FlightStatus.ACTIVE, Flight::status)
                    .returns(new Plan("SWA123", "KLAX", "KSFO", "SERFR4", NOON, "B737", "N201FQ", null), Flight::plan);
        }

        @Test
        void an_id_is_used_once_even_after_the_flight_was_cancelled() {
            given(CREATED).when(CREATE).thenRejected("flight-already-exists");
            given(CREATED, new FlightCancelled()).when(CREATE).thenRejected("flight-already-exists");
        }

        @Test
        void there_may_be_no_arrival_route() {
            given().when(create("SWA123", "KSFO", null)).thenAccepted();
            given().when(create("SWA123", "O27", null)).thenAccepted();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "A", "swa123", "SWA 123", "SWA-123", "SWA12345678"})
        void a_callsign_is_2_to_10_letters_and_digits(String callsign) {
            given().when(create(callsign, "KSFO", null)).thenRejected("invalid-callsign", "'" + callsign + "'");
        }

        @Test
        void airports_are_those_of_the_reference_data() {
            given().when(create("SWA123", "XXXX", null)).thenRejected("unknown-airport", "'XXXX'");
            given().when(new CreateFlight("SWA123", "YYYY", "KSFO", null, null, null, null))
                    .thenRejected("unknown-airport", "'YYYY'");
        }
    }

    @Nested
    class The_arrival_route {

        @ParameterizedTest
        @CsvSource({"KSFO,SERFR4", "SFO,SERFR4", "KOAK,EMZOH4", "OAK,EMZOH4", "KRNO,SCOLA1"})
        void belongs_to_its_destination_under_any_of_its_codes(String destination, String star) {
            given().when(create("SWA123", destination, star)).thenAccepted();
            given(CREATED).when(plan(destination, star, NOON)).thenAccepted();
            given(CREATED).when(new AmendFlight(destination, star, null)).thenAccepted();
        }

        @ParameterizedTest
        @CsvSource({"KOAK,SERFR4", "KSFO,EMZOH4", "KSFO,SERFR3", "KSFO,serfr4", "O27,SERFR4"})
        void of_another_airport_or_of_none_is_refused(String destination, String star) {
            String code = "star-not-valid-for-destination";
            given().when(create("SWA123", destination, star)).thenRejected(code, star);
            given(CREATED).when(plan(destination, star, NOON)).thenRejected(code, star);
            given(CREATED).when(new AmendFlight(destination, star, null)).thenRejected(code, star);
        }

        @Test
        void is_wanted_where_the_destination_is_amended() {
            given(CREATED)
                    .when(new AmendFlight("KOAK", null, null))
                    .thenRejected("star-not-valid-for-destination", "SERFR4 does not lead to KOAK");
            given(filedOver("KSFO", null))
                    .when(new AmendFlight("KOAK", null, null))
                    .thenRejected("star-not-valid-for-destination", "KOAK wants a star");
            given(filedOver("KSFO", null))
                    .when(new AmendFlight("O27", null, null))
                    .thenRejected("star-not-valid-for-destination");
        }

        @Test
        void that_leads_to_the_new_destination_too_stays() {
            assertThat(given(CREATED)
                            .when(new AmendFlight("SFO", null, null))
                            .then(new FlightAmended("SFO", null, null))
                            .state()
                            .plan())
                    .returns("SERFR4", plan -> Objects.requireNonNull(plan).star());
        }

        @Test
        void alone_is_amended_to_another_of_the_same_airport() {
            given(CREATED).when(new AmendFlight(null, "BDEGA4", null)).then(new FlightAmended(null, "BDEGA4", null));
            given(CREATED).when(new AmendFlight(null, "EMZOH4", null)).thenRejected("star-not-valid-for-destination");
        }
    }

    @Nested
    class Amending {

        @Test
        void changes_what_it_names_and_nothing_else() {
            assertThat(given(CREATED)
                            .when(new AmendFlight("KOAK", "EMZOH4", "KSAN"))
                            .then(new FlightAmended("KOAK", "EMZOH4", "KSAN"))
                            .state()
                            .plan())
                    .isEqualTo(new Plan("SWA123", "KSAN", "KOAK", "EMZOH4", NOON, "B737", "N201FQ", null));
        }

        @Test
        void to_what_it_is_already_changes_nothing() {
            given(CREATED).when(new AmendFlight(null, null, null)).then();
            given(CREATED).when(new AmendFlight("KSFO", "SERFR4", "KLAX")).then();
        }

        @Test
        void wants_airports_of_the_reference_data() {
            given(CREATED).when(new AmendFlight("XXXX", "SERFR4", null)).thenRejected("unknown-airport", "'XXXX'");
            given(CREATED).when(new AmendFlight(null, null, "XXXX")).thenRejected("unknown-airport", "'XXXX'");
        }
    }

    @Nested
    class Filing {

        @Test
        void a_plan_takes_the_place_of_the_whole_one_before() {
            assertThat(given(CREATED)
                            .when(plan("O27", null, NOON))
                            .then(filed("O27", null, NOON))
                            .state()
                            .plan())
                    .isEqualTo(new Plan("SWA123", "KLAX", "O27", null, NOON, "B737", null, NOON));
        }

        @Test
        void the_plan_that_was_received_last_is_the_current_one_whenever_it_comes() {
            given(CREATED, filed("KOAK", null, NOON))
                    .when(plan("KSFO", null, NOON.minusMillis(1)))
                    .then(filed("KSFO", null, NOON.minusMillis(1)))
                    .when(plan("KSFO", null, NOON))
                    .then(filed("KSFO", null, NOON))
                    .when(new AmendFlight("KOAK", null, null))
                    .then(); // is what it is
        }

        @Test
        void an_older_plan_goes_through_the_rules_all_the_same() {
            given(CREATED, filed("KOAK", null, NOON))
                    .when(plan("KOAK", "SERFR4", NOON.minusSeconds(1)))
                    .thenRejected("star-not-valid-for-destination");
        }

        @Test
        void the_same_rules_hold_as_for_the_first_plan() {
            given(CREATED).when(plan("XXXX", null, NOON)).thenRejected("unknown-airport");
            given(CREATED)
                    .when(new FilePlan("x", "KLAX", "KSFO", null, null, null, null, NOON))
                    .thenRejected("invalid-callsign");
        }
    }

    @Nested
    class Tracking {

        @Test
        void the_newest_position_is_the_current_one_and_an_older_one_is_recorded() {
            var state = given(CREATED)
                    .when(track(NOON, 37))
                    .then(tracked(NOON, 37))
                    .when(track(NOON.minusMillis(1), 36))
                    .then(tracked(NOON.minusMillis(1), 36))
                    .when(track(NOON, 38))
                    .then(tracked(NOON, 38))
                    .state();

            assertThat(state.position()).isEqualTo(position(NOON, 37));
        }

        @Test
        void times_within_one_millisecond_are_the_same_as_they_are_in_rows() {
            assertThat(given(CREATED, tracked(NOON, 37), tracked(NOON.plusNanos(999_000), 38))
                            .state()
                            .position())
                    .isEqualTo(position(NOON, 37));
        }

        @Test
        void a_closed_flight_is_still_seen() {
            given(CREATED, new FlightCancelled()).when(track(NOON, 37)).then(tracked(NOON, 37));
            given(CREATED, new FlightsMerged("gufi-2")).when(track(NOON, 37)).then(tracked(NOON, 37));
        }

        @ParameterizedTest
        @CsvSource({
            "90.1,0,0,latitude",
            "-90.1,0,0,latitude",
            "0,180.1,0,longitude",
            "0,-181,0,longitude",
            "0,0,-1,groundSpeed"
        })
        void what_is_no_position_is_refused(double latitude, double longitude, double speed, String field) {
            given(CREATED)
                    .when(new RecordTrack(NOON, latitude, longitude, null, speed))
                    .thenRejected("invalid-position", field);
        }

        @Test
        void what_is_no_number_is_no_position() {
            given(CREATED).when(track(NOON, Double.NaN)).thenRejected("invalid-position", "latitude");
            given(CREATED)
                    .when(new RecordTrack(NOON, 0, 0, Double.POSITIVE_INFINITY, null))
                    .thenRejected("invalid-position", "altitude");
            given(CREATED)
                    .when(new RecordTrack(NOON, 0, 0, null, Double.NaN))
                    .thenRejected("invalid-position", "groundSpeed");
            given(CREATED)
                    .when(new RecordTrack(NOON, 0, Double.NaN, null, null))
                    .thenRejected("invalid-position", "longitude");
        }
    }

    @Test
    void a_cancelled_flight_keeps_its_plan() {
        assertThat(given(CREATED)
                        .when(new CancelFlight())
                        .then(new FlightCancelled())
                        .state())
                .returns(FlightStatus.CANCELLED, Flight::status)
                .returns("KSFO", flight -> Objects.requireNonNull(flight.plan()).destination());
    }

    @Test
    void a_merged_flight_says_which_one_stands_for_it() {
        assertThat(given(CREATED)
                        .when(new MergeFlights("gufi-2"))
                        .then(new FlightsMerged("gufi-2"))
                        .state())
                .returns(FlightStatus.MERGED, Flight::status)
                .returns("gufi-2", Flight::mergedInto);
        given(CREATED).when(new MergeFlights("no id")).thenRejected("invalid-merge", "'no id'");
    }

    private static FlightEvent[] filedOver(String destination, @Nullable String star) {
        return new FlightEvent[] {CREATED, filed(destination, star, NOON)};
    }

    private static CreateFlight create(String callsign, String destination, @Nullable String star) {
        return new CreateFlight(callsign, "KLAX", destination, star, NOON, "B737", "N201FQ");
    }

    private static DeciderKit<FlightCommand, Flight, FlightEvent> given(FlightEvent... events) {
        return DeciderKit.given(new FlightDecider(), events);
    }
}
