package dev.annals.flightidentities;

import static dev.annals.flightidentities.Messages.TEXT;
import static dev.annals.flightidentities.Messages.hours;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.Decision;
import dev.annals.api.Decision.Accepted;
import dev.annals.flightidentities.IdentityCommand.Identify;
import dev.annals.flightidentities.IdentityEvent.FlightIdentified;
import dev.annals.testkit.DeciderKit;
import dev.annals.testkit.ViewKit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** What holds after any sequence of messages about one callsign, whose times go back and forth. */
class IdentityPropertiesTest {

    private static final String CALLSIGN = "SIA31";

    private final IdentityDecider decider = new IdentityDecider();

    @Property
    void a_name_belongs_to_one_flight_at_a_time(@ForAll("messages") List<Identify> messages) {
        History history = new History();
        for (Identify message : messages) {
            history.decide(message);
            List<FlightAlias> all = history.state.flights().stream()
                    .flatMap(flight -> flight.aliases().stream())
                    .toList();
            for (int i = 0; i < all.size(); i++) {
                for (FlightAlias other : all.subList(i + 1, all.size())) {
                    assertThat(all.get(i).text().equals(other.text())
                                    && all.get(i).span().meets(other.span()))
                            .as("%s and %s", all.get(i), other)
                            .isFalse();
                }
            }
        }
    }

    @Property
    void every_message_is_about_one_flight_whose_id_nobody_else_has(@ForAll("messages") List<Identify> messages) {
        History history = new History();
        messages.forEach(history::decide);

        assertThat(history.events).hasSameSizeAs(messages);
        assertThat(history.state.flights()).extracting(IdentifiedFlight::name).doesNotHaveDuplicates();
        assertThat(history.events.stream().filter(FlightIdentified::opened))
                .extracting(FlightIdentified::flight)
                .containsExactlyInAnyOrderElementsOf(history.state.flights().stream()
                        .map(IdentifiedFlight::name)
                        .toList());
    }

    @Property
    void the_view_agrees_with_the_state(@ForAll("messages") List<Identify> messages) {
        History history = new History();
        messages.forEach(history::decide);

        assertThat(DeciderKit.given(decider, history.events).state()).isEqualTo(history.state);
        ViewKit<IdentityEvent, FlightIdentitiesRow> view = ViewKit.of(new FlightIdentitiesView());
        history.events.forEach(event -> view.given(CALLSIGN, event));
        if (!messages.isEmpty()) {
            assertThat(view.row(CALLSIGN).orElseThrow().identities()).isEqualTo(history.state);
        }
    }

    /** Where flights are far enough apart, and departures told, nothing depends on what came first. */
    @Property
    void in_any_order_the_same_messages_lead_to_the_same_flights(
            @ForAll("daily") Tuple2<List<Identify>, List<Identify>> inTwoOrders) {
        History one = new History();
        inTwoOrders.get1().forEach(one::decide);
        History other = new History();
        inTwoOrders.get2().forEach(other::decide);

        assertThat(one.state).isEqualTo(other.state);
        assertThat(one.state.flights()).hasSize((int)
                inTwoOrders.get1().stream().map(Identify::departure).distinct().count());
    }

    /** One flight a day, there and back; three channels tell of each, and one of them as a codeshare. */
    @Provide
    Arbitrary<Tuple2<List<Identify>, List<Identify>>> daily() {
        Arbitrary<Identify> message = Combinators.combine(
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 10))
                .as((day, channel, later) -> {
                    boolean out = day % 2 == 0;
                    return new Identify(
                            List.of("plans", "tfm", "sfo").get(channel),
                            channel == 0 ? null : "id-" + day,
                            out ? "KSFO" : "WSSS",
                            out ? "WSSS" : "KSFO",
                            hours(24 * day),
                            hours(24 * day + later),
                            channel == 2 && later > 5 ? "UAL7971" : null,
                            TEXT,
                            null,
                            null);
                });
        return message.list()
                .ofMaxSize(20)
                .flatMap(all -> Arbitraries.shuffle(all).map(shuffled -> Tuple.of(all, shuffled)));
    }

    /** Few names, airports and times, so that flights meet. */
    @Provide
    Arbitrary<List<Identify>> messages() {
        Arbitrary<String> airport = Arbitraries.of("KSFO", "KOAK").injectNull(0.4);
        Arbitrary<Integer> quarters = Arbitraries.integers().between(0, 120);
        return Combinators.combine(
                        Arbitraries.of("a", "b").injectNull(0.2), airport, airport, quarters.injectNull(0.5), quarters)
                .as((externalId, origin, destination, departure, time) -> new Identify(
                        "icao24",
                        externalId,
                        origin,
                        destination,
                        departure == null ? null : hours(departure / 4.0),
                        hours(time / 4.0).plus(Duration.ofNanos(1_000)),
                        null,
                        TEXT,
                        null,
                        null))
                .list()
                .ofMaxSize(25);
    }

    private final class History {
        private final List<FlightIdentified> events = new ArrayList<>();
        private FlightIdentities state = decider.initial();

        void decide(Identify command) {
            Decision<IdentityEvent> decision = decider.decide(command, state);
            if (decision instanceof Accepted<IdentityEvent> accepted) {
                for (IdentityEvent event : accepted.events()) {
                    events.add((FlightIdentified) event);
                    state = decider.fold(state, event);
                }
            }
        }
    }
}
