package dev.annals.flights;

import static dev.annals.flights.Plans.CREATED;
import static dev.annals.flights.Plans.NOON;
import static dev.annals.flights.Plans.plan;
import static dev.annals.flights.Plans.track;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.Decision;
import dev.annals.api.Decision.Accepted;
import dev.annals.api.Decision.Rejected;
import dev.annals.flights.FlightCommand.AmendFlight;
import dev.annals.flights.FlightCommand.CancelFlight;
import dev.annals.flights.FlightCommand.FilePlan;
import dev.annals.flights.FlightCommand.MergeFlights;
import dev.annals.flights.FlightCommand.RecordTrack;
import dev.annals.testkit.DeciderKit;
import dev.annals.testkit.ViewKit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** What holds after any sequence of commands on a flight that exists. */
class FlightPropertiesTest {

    private final FlightDecider decider = new FlightDecider();

    /** The latest, found without the decider: plans and tracks have times of their own each, and none is refused. */
    @Property
    void in_any_order_the_last_plan_and_the_last_position_are_the_last_by_their_own_times(
            @ForAll("messages") Tuple2<List<FlightCommand>, List<FlightCommand>> inTwoOrders) {
        Flight one = new History(inTwoOrders.get1()).state;
        Flight other = new History(inTwoOrders.get2()).state;

        assertThat(one).isEqualTo(other);
        Instant lastPlan = null;
        Instant lastTrack = null;
        for (FlightCommand each : inTwoOrders.get1()) {
            if (each instanceof FilePlan filed
                    && (lastPlan == null || filed.receivedAt().isAfter(lastPlan))) {
                lastPlan = filed.receivedAt();
            }
            if (each instanceof RecordTrack track
                    && (lastTrack == null || track.time().isAfter(lastTrack))) {
                lastTrack = track.time();
            }
        }
        assertThat(Objects.requireNonNull(one.plan()).receivedAt()).isEqualTo(lastPlan);
        assertThat(one.position() == null ? null : one.position().time()).isEqualTo(lastTrack);
    }

    @Property
    void an_arrival_route_always_belongs_to_its_destination(@ForAll("commands") List<FlightCommand> commands) {
        History history = new History();
        for (FlightCommand command : commands) {
            history.decide(command);
            Plan plan = Objects.requireNonNull(history.state.plan());
            assertThat(plan.star() == null || ReferenceData.shipped().leadsTo(plan.star(), plan.destination()))
                    .as(plan.toString())
                    .isTrue();
        }
    }

    @Property
    void what_is_interpreted_again_changes_nothing_but_the_history(@ForAll("commands") List<FlightCommand> commands) {
        History history = new History(commands);
        Flight before = history.state;
        commands.stream()
                .filter(each -> each instanceof FilePlan || each instanceof RecordTrack)
                .forEach(history::decide);

        if (commands.stream().noneMatch(AmendFlight.class::isInstance)) {
            assertThat(history.state).isEqualTo(before);
        }
        assertThat(history.state.position()).isEqualTo(before.position());
    }

    @Property
    void the_views_agree_with_the_state(@ForAll("commands") List<FlightCommand> commands) {
        History history = new History(commands);

        assertThat(DeciderKit.given(decider, history.events).state()).isEqualTo(history.state);
        ViewKit<FlightEvent, FlightRow> flights = ViewKit.of(new FlightsView());
        ViewKit<FlightEvent, AirportFlightRow> airports = ViewKit.of(new AirportFlightsView());
        history.events.forEach(event -> {
            flights.given("gufi-1", event);
            airports.given("gufi-1", event);
        });
        assertThat(flights.row("gufi-1").orElseThrow().flight()).isEqualTo(history.state);
        if (history.state.status() == FlightStatus.MERGED) {
            airports.thenNoRow("gufi-1");
        } else {
            Flight without = airports.row("gufi-1").orElseThrow().flight();
            assertThat(without.plan()).isEqualTo(history.state.plan());
            assertThat(without.status()).isEqualTo(history.state.status());
        }
    }

    /** So that none of the properties above holds only because the commands are too tame. */
    @Example
    void random_commands_meet_the_rules() {
        Set<String> met = new TreeSet<>();
        commands().sampleStream().limit(300).forEach(commands -> {
            History history = new History();
            for (FlightCommand command : commands) {
                if (history.decide(command) instanceof Rejected<FlightEvent> rejected) {
                    met.add(rejected.code());
                }
            }
        });

        assertThat(met)
                .containsExactly(
                        "flight-closed", "invalid-position", "star-not-valid-for-destination", "unknown-airport");
    }

    /** In two orders: no two plans and no two tracks have the same time. */
    @Provide
    Arbitrary<Tuple2<List<FlightCommand>, List<FlightCommand>>> messages() {
        Arbitrary<List<Integer>> minutes = Arbitraries.integers()
                .between(-100, 100)
                .list()
                .uniqueElements()
                .ofMaxSize(12);
        return Combinators.combine(minutes, minutes)
                .as((plans, tracks) -> {
                    List<FlightCommand> all = new ArrayList<>();
                    plans.forEach(minute -> all.add(plan(minute % 2 == 0 ? "KSFO" : "KOAK", null, at(minute))));
                    tracks.forEach(minute -> all.add(track(at(minute), minute % 90)));
                    return all;
                })
                .flatMap(all -> Combinators.combine(Arbitraries.shuffle(all), Arbitraries.shuffle(all))
                        .as((one, other) -> Tuple.of(one, other)));
    }

    /** Few airports and times, so that rules meet; a flight is closed in some of the sequences. */
    @Provide
    Arbitrary<List<FlightCommand>> commands() {
        Arbitrary<String> airport = Arbitraries.of("KSFO", "SFO", "KOAK", "O27", "XXXX");
        Arbitrary<String> star = Arbitraries.of("SERFR4", "BDEGA4", "EMZOH4");
        Arbitrary<Instant> time = Arbitraries.integers().between(0, 20).map(FlightPropertiesTest::at);
        Arbitrary<FlightCommand> filing = Combinators.combine(airport, star.injectNull(0.5), time)
                .as((destination, route, receivedAt) -> plan(destination, route, receivedAt));
        Arbitrary<FlightCommand> amending = Combinators.combine(
                        airport.injectNull(0.5), star.injectNull(0.3), airport.injectNull(0.8))
                .as((destination, route, origin) -> new AmendFlight(destination, route, origin));
        Arbitrary<FlightCommand> tracking = Combinators.combine(
                        time, Arbitraries.integers().between(-91, 90))
                .as((seen, latitude) -> track(seen, latitude));
        Arbitrary<FlightCommand> closing = Arbitraries.of(new CancelFlight(), new MergeFlights("gufi-2"));
        return Arbitraries.frequencyOf(
                        Tuple.of(10, filing), Tuple.of(10, amending), Tuple.of(10, tracking), Tuple.of(1, closing))
                .list()
                .ofMaxSize(30);
    }

    private static Instant at(int minute) {
        return NOON.plusSeconds(60L * minute);
    }

    private final class History {
        private final List<FlightEvent> events = new ArrayList<>(List.of(CREATED));
        private Flight state = decider.fold(decider.initial(), CREATED);

        History() {}

        History(List<FlightCommand> commands) {
            commands.forEach(this::decide);
        }

        Decision<FlightEvent> decide(FlightCommand command) {
            Decision<FlightEvent> decision = decider.decide(command, state);
            if (decision instanceof Accepted<FlightEvent> accepted) {
                events.addAll(accepted.events());
                accepted.events().forEach(event -> state = decider.fold(state, event));
            }
            return decision;
        }
    }
}
