package dev.annals.flightidentities;

import static dev.annals.flightidentities.Messages.NOON;
import static dev.annals.flightidentities.Messages.TEXT;
import static dev.annals.flightidentities.Messages.hours;
import static dev.annals.flightidentities.Messages.identified;
import static dev.annals.flightidentities.Messages.named;
import static dev.annals.flightidentities.Messages.plan;
import static dev.annals.flightidentities.Messages.seen;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.flightidentities.IdentityCommand.Identify;
import dev.annals.flightidentities.IdentityCommand.MergeFlights;
import dev.annals.flightidentities.IdentityEvent.FlightIdentified;
import dev.annals.flightidentities.IdentityEvent.FlightsMerged;
import dev.annals.testkit.DeciderKit;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class IdentityDeciderTest {

    private static final String FIRST = "20200401T1200";
    private static final Identify PLAN = plan("KSFO", "WSSS", NOON);
    private static final FlightIdentified PLANNED = identified(FIRST, true, PLAN);

    @Nested
    class Three_channels {

        /** Nobody else knows the second's name; the third says nothing of where the flight goes. */
        private static final List<Identify> MESSAGES =
                List.of(PLAN, named("43987902", NOON, hours(1)), seen("A6C75E", hours(2)));

        @Test
        void tell_of_one_flight() {
            given().when(MESSAGES.get(0))
                    .then(PLANNED)
                    .when(MESSAGES.get(1))
                    .then(identified(FIRST, false, MESSAGES.get(1)))
                    .when(MESSAGES.get(2))
                    .then(identified(FIRST, false, MESSAGES.get(2)));
        }

        @Test
        void tell_of_one_flight_in_the_other_order_too() {
            var state = given().when(MESSAGES.get(2))
                    .then(identified("20200401T1400", true, MESSAGES.get(2)))
                    .when(MESSAGES.get(1))
                    .then(identified("20200401T1400", false, MESSAGES.get(1)))
                    .when(MESSAGES.get(0))
                    .then(identified("20200401T1400", false, MESSAGES.get(0)))
                    .state();

            assertThat(state.flights()).singleElement().satisfies(flight -> {
                assertThat(flight.aliases())
                        .containsExactly(
                                new FlightAlias("icao24", "A6C75E", hours(2), hours(2)),
                                new FlightAlias("tfm", "43987902", NOON, NOON));
                assertThat(flight.departure()).isEqualTo(NOON);
                assertThat(flight.span()).isEqualTo(new Span(NOON, hours(2)));
            });
        }
    }

    @Nested
    class Another_flight {

        @Test
        void departs_more_than_the_window_later() {
            Identify within = plan("KSFO", "WSSS", hours(6));
            given(PLANNED).when(within).then(identified(FIRST, false, within));
            Identify next = plan("KSFO", "WSSS", hours(6).plusMillis(1));
            given(PLANNED).when(next).then(identified("20200401T1800", true, next));
        }

        @Test
        void has_other_airports() {
            Identify back = plan("WSSS", "KSFO", hours(1));
            given(PLANNED).when(back).then(identified("20200401T1300", true, back));
            Identify elsewhere = plan("KSFO", "RJAA", NOON);
            given(PLANNED).when(elsewhere).then(identified(FIRST + "-2", true, elsewhere));
        }

        @Test
        void is_not_the_one_that_is_nearer() {
            FlightIdentified evening = identified("20200401T2200", true, plan("KSFO", "WSSS", hours(10)));
            Identify between = seen("A6C75E", hours(5.5));
            given(PLANNED, evening).when(between).then(identified("20200401T2200", false, between));
            Identify before = seen("A6C75E", hours(4.5));
            given(PLANNED, evening).when(before).then(identified(FIRST, false, before));
        }
    }

    @Nested
    class A_name {

        @Test
        void finds_its_flight_when_the_destination_has_changed() {
            FlightIdentified first = identified(FIRST, true, named("B-1", NOON, NOON));
            Identify diverted = new Identify("tfm", "B-1", "KSFO", "RJAA", NOON, hours(9), null, TEXT, null, null);

            var state = given(first)
                    .when(diverted)
                    .then(identified(FIRST, false, diverted))
                    .state();

            assertThat(state.flights().getFirst().destinations()).containsExactly("RJAA", "WSSS");
        }

        @Test
        void finds_its_flight_when_the_departure_was_put_off_while_it_was_told_of() {
            FlightIdentified first = identified(FIRST, true, named("B-1", NOON, NOON));
            FlightIdentified waiting = identified(FIRST, false, named("B-1", NOON, hours(5)));
            Identify late = named("B-1", hours(8), hours(8));
            given(first, waiting).when(late).then(identified(FIRST, false, late));
        }

        @Test
        void that_differs_from_the_one_of_its_channel_is_that_of_another_flight() {
            FlightIdentified first = identified(FIRST, true, named("B-1", NOON, NOON));
            Identify next = named("B-2", hours(1), hours(1));
            given(first).when(next).then(identified("20200401T1300", true, next));
            Identify other = seen("A6C75E", hours(1));
            given(first).when(other).then(identified(FIRST, false, other));
        }

        @Test
        void that_differs_is_one_more_of_a_flight_of_the_same_departure() {
            FlightIdentified first = identified(FIRST, true, named("B-1", NOON, NOON));
            Identify again = named("B-2", NOON, hours(2));
            given(first).when(again).then(identified(FIRST, false, again));
        }

        @Test
        void is_another_flights_at_another_time() {
            FlightIdentified morning = identified(FIRST, true, seen("A6C75E", NOON));
            Identify evening = seen("A6C75E", hours(9));
            given(morning).when(evening).then(identified("20200401T2100", true, evening));
        }

        @Test
        void is_never_given_to_another_flight_of_the_same_time() {
            FlightIdentified out = identified(FIRST, true, plan("KSFO", "KOAK", NOON));
            FlightIdentified back = identified("20200401T1500", true, plan("KOAK", "KSFO", hours(3)));
            FlightIdentified seenOut = identified(FIRST, false, seen("A6C75E", NOON));
            FlightIdentified stillOut = identified(FIRST, false, seen("A6C75E", hours(1)));
            Identify on_the_way_out =
                    new Identify("icao24", "A6C75E", "KOAK", "KSFO", null, hours(0.5), null, TEXT, null, null);
            given(out, back, seenOut, stillOut).when(on_the_way_out).then(identified(FIRST, false, on_the_way_out));
        }

        @Test
        void goes_on_to_the_next_flight_when_that_is_nearer() {
            FlightIdentified out = identified(FIRST, true, plan("KSFO", "KOAK", NOON));
            FlightIdentified seenOut = identified(FIRST, false, seen("A6C75E", hours(0.5)));
            FlightIdentified back = identified("20200401T1500", true, plan("KOAK", "KSFO", hours(3)));
            Identify seenBack = seen("A6C75E", hours(3.1));
            given(out, seenOut, back).when(seenBack).then(identified("20200401T1500", false, seenBack));
        }
    }

    @Test
    void a_codeshare_is_the_flight_that_operates_whichever_came_first() {
        Identify operating = new Identify("sfo", "D-SIA-31", "KSFO", "WSSS", NOON, NOON, null, TEXT, null, null);
        Identify codeshare = new Identify("sfo", "D-SIA-31", "KSFO", "WSSS", NOON, NOON, "UAL7971", TEXT, null, null);

        var one = given().when(operating)
                .thenAccepted()
                .when(codeshare)
                .thenAccepted()
                .state();
        var other = given().when(codeshare)
                .thenAccepted()
                .when(operating)
                .thenAccepted()
                .state();

        assertThat(one).isEqualTo(other);
        assertThat(one.flights())
                .singleElement()
                .satisfies(flight -> assertThat(flight.codeshares()).containsExactly("UAL7971"));
    }

    @Test
    void the_message_is_kept_as_it_was_received() {
        assertThat(PLANNED.message()).isEqualTo(new Message("<flight/>", "application/xml"));
        given().when(PLAN).then(PLANNED);
    }

    @Nested
    class Merging {

        private static final FlightIdentified OTHER = identified("20200401T2000", true, plan("KSFO", "WSSS", hours(8)));

        @Test
        void one_flight_stands_for_both_and_messages_say_so() {
            Identify again = plan("KSFO", "WSSS", hours(8));
            var merged = given(PLANNED, OTHER)
                    .when(new MergeFlights("20200401T2000", "SIA31." + FIRST))
                    .then(new FlightsMerged("20200401T2000", "SIA31." + FIRST));

            merged.when(again).thenAccepted();

            assertThat(given(PLANNED, OTHER, new FlightsMerged("20200401T2000", "SIA31." + FIRST))
                            .state()
                            .named("20200401T2000")
                            .orElseThrow()
                            .mergedInto())
                    .isEqualTo("SIA31." + FIRST);
        }

        @Test
        void again_changes_nothing_and_into_another_one_is_refused() {
            given(PLANNED, new FlightsMerged(FIRST, "A.1"))
                    .when(new MergeFlights(FIRST, "A.1"))
                    .then();
            given(PLANNED, new FlightsMerged(FIRST, "A.1"))
                    .when(new MergeFlights(FIRST, "A.2"))
                    .thenRejected("flight-closed", "A.1");
        }

        @Test
        void wants_a_flight_of_this_callsign_and_an_id() {
            given().when(new MergeFlights(FIRST, "A.1")).thenRejected("flight-not-found", FIRST);
            given(PLANNED).when(new MergeFlights(FIRST, "no id")).thenRejected("invalid-merge", "'no id'");
        }
    }

    @Nested
    class The_state {

        @Test
        void keeps_the_latest_flights_and_knows_none_of_before() {
            var kit = given();
            for (int day = 0; day <= FlightIdentities.MAX_FLIGHTS; day++) {
                kit = kit.when(plan("KSFO", "WSSS", hours(24 * day))).thenAccepted();
            }

            assertThat(kit.state().flights()).hasSize(FlightIdentities.MAX_FLIGHTS);
            assertThat(kit.state().named(FIRST)).isEmpty();
            assertThat(kit.state().knownSince()).isEqualTo(hours(6));
            kit.when(PLAN)
                    .thenRejected("identification-too-late", "2020-04-01T12:00:00Z")
                    .when(plan("KSFO", "WSSS", hours(24)))
                    .thenAccepted();
        }

        @Test
        void gives_no_name_to_a_flight_that_would_leave_at_once() {
            var kit = given();
            for (int day = 1; day <= FlightIdentities.MAX_FLIGHTS; day++) {
                kit = kit.when(plan("KSFO", "WSSS", hours(24 * day))).thenAccepted();
            }

            kit.when(PLAN).thenRejected("identification-too-late");
        }

        @Test
        void has_no_more_than_so_many_names_of_a_flight() {
            var kit = given();
            for (int i = 0; i < IdentifiedFlight.MAX_NAMES; i++) {
                kit = kit.when(named("B-" + i, NOON, NOON)).thenAccepted();
            }

            kit.when(named("B-more", NOON, NOON))
                    .thenRejected("too-many-names", "64")
                    .when(named("B-0", NOON, NOON))
                    .thenAccepted();
        }
    }

    static final List<Identify> MALFORMED = List.of(
            new Identify("Plans", null, null, null, null, NOON, null, TEXT, null, null),
            new Identify("plans", " ", null, null, null, NOON, null, TEXT, null, null),
            new Identify("plans", null, "", null, null, NOON, null, TEXT, null, null),
            new Identify("plans", null, null, "K SFO", null, NOON, null, TEXT, null, null),
            new Identify("plans", null, null, null, null, NOON, "ual 1", TEXT, null, null),
            new Identify(
                    "plans",
                    null,
                    null,
                    null,
                    null,
                    NOON,
                    null,
                    new Message("x".repeat(100_001), "text/plain"),
                    null,
                    null));

    @ParameterizedTest
    @FieldSource("MALFORMED")
    void a_malformed_field_is_named(Identify identify) {
        List<String> fields = List.of("channel", "externalId", "origin", "destination", "codeshare", "message.text");
        given().when(identify).thenRejected("invalid-identification", fields.get(MALFORMED.indexOf(identify)));
    }

    private static DeciderKit<IdentityCommand, FlightIdentities, IdentityEvent> given(IdentityEvent... events) {
        return DeciderKit.given(new IdentityDecider(), events);
    }
}
