package dev.annals.seats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.Decision;
import dev.annals.api.Decision.Accepted;
import dev.annals.api.Decision.Rejected;
import dev.annals.seats.ConferenceCommand.CancelReservation;
import dev.annals.seats.ConferenceCommand.ChangeCapacity;
import dev.annals.seats.ConferenceCommand.CloseConference;
import dev.annals.seats.ConferenceCommand.OpenConference;
import dev.annals.seats.ConferenceCommand.ReserveSeats;
import dev.annals.testkit.DeciderKit;
import dev.annals.testkit.ViewKit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds after any sequence of commands; the first one opens the conference. */
class ConferencePropertiesTest {

    private static final int MOST = 8;

    private final ConferenceDecider decider = new ConferenceDecider();

    @Property
    void no_more_seats_are_reserved_than_there_are(@ForAll("commands") List<ConferenceCommand> commands) {
        History history = new History();
        for (ConferenceCommand command : commands) {
            history.decide(command);
            assertThat(history.state.available()).isBetween(0, history.state.capacity());
        }
    }

    /** Kept here by other means: what was accepted, put together without the decider's events. */
    @Property
    void what_is_reserved_is_what_was_accepted_and_not_cancelled(@ForAll("commands") List<ConferenceCommand> commands) {
        History history = new History();
        Map<String, Integer> expected = new HashMap<>();
        for (ConferenceCommand command : commands) {
            if (history.decide(command) instanceof Accepted) {
                switch (command) {
                    case ReserveSeats reserve -> expected.put(reserve.reservationId(), reserve.seats());
                    case CancelReservation cancel -> expected.remove(cancel.reservationId());
                    case OpenConference open -> expected.clear();
                    case ChangeCapacity change -> {}
                    case CloseConference close -> {}
                }
            }
            assertThat(history.state.reservations()).isEqualTo(expected);
        }
    }

    @Property
    void a_cancellation_gives_back_what_was_reserved(@ForAll("commands") List<ConferenceCommand> commands) {
        History history = new History();
        for (ConferenceCommand command : commands) {
            int before = history.state.available();
            boolean accepted = history.decide(command) instanceof Accepted;
            if (accepted && command instanceof ReserveSeats reserve) {
                history.decide(new CancelReservation(reserve.reservationId()));
                assertThat(history.state.available()).isEqualTo(before);
                history.decide(command);
            }
        }
    }

    @Property
    void a_closed_conference_refuses_everything(@ForAll("commands") List<ConferenceCommand> commands) {
        History history = new History();
        for (ConferenceCommand command : commands) {
            boolean closed = history.state.status() == ConferenceStatus.CLOSED;
            Conference before = history.state;
            Decision<ConferenceEvent> decision = history.decide(command);
            if (closed) {
                assertThat(decision).isInstanceOf(Rejected.class);
                assertThat(history.state).isEqualTo(before);
            }
        }
    }

    @Property
    void the_view_agrees_with_the_state(@ForAll("commands") List<ConferenceCommand> commands) {
        History history = new History();
        commands.forEach(history::decide);

        assertThat(DeciderKit.given(decider, history.events).state()).isEqualTo(history.state);
        ViewKit<ConferenceEvent, ConferenceRow> view = ViewKit.of(new SeatsView());
        history.events.forEach(event -> view.given("1", event));
        ConferenceRow row = view.row("1").orElseThrow();
        assertThat(row.conference()).isEqualTo(history.state);
        assertThat(row.reserved() + row.available()).isEqualTo(row.capacity());
        assertThat(row.reservations().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(row.reserved());
    }

    /** So that none of the properties above holds only because the commands are too tame. */
    @Example
    void random_commands_meet_every_rule() {
        Set<String> met = new TreeSet<>(Set.of("conference-not-found")); // the first command opens it
        commands().sampleStream().limit(300).forEach(commands -> {
            History history = new History();
            for (ConferenceCommand command : commands) {
                if (history.decide(command) instanceof Rejected<ConferenceEvent> rejected) {
                    met.add(rejected.code());
                }
            }
        });

        assertThat(met)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ConferenceRejection.values())
                        .map(ConferenceRejection::code)
                        .toList());
    }

    /** Few names and small numbers, so that reservations meet; a conference is closed in one of two sequences. */
    @Provide
    Arbitrary<List<ConferenceCommand>> commands() {
        Arbitrary<String> id = Arbitraries.of("a", "b", "c", "d", "e");
        Arbitrary<ConferenceCommand> opening =
                Arbitraries.integers().between(0, MOST).map(capacity -> new OpenConference("JavaZone", capacity));
        Arbitrary<ConferenceCommand> reserving = Combinators.combine(
                        id, Arbitraries.integers().between(-1, MOST / 2))
                .as((reservationId, seats) -> new ReserveSeats(reservationId, seats));
        Arbitrary<ConferenceCommand> cancelling = id.map(reservationId -> new CancelReservation(reservationId));
        Arbitrary<ConferenceCommand> changing = Arbitraries.integers()
                .between(-1, MOST + 1)
                .map(capacity -> capacity > MOST ? new CloseConference() : new ChangeCapacity(capacity));
        Arbitrary<ConferenceCommand> any =
                Arbitraries.oneOf(opening, reserving, reserving, reserving, cancelling, changing);
        return any.list()
                .ofMaxSize(40)
                .flatMap(rest -> opening.map(first -> {
                    List<ConferenceCommand> all = new ArrayList<>(List.of(first));
                    all.addAll(rest);
                    return all;
                }));
    }

    private final class History {
        private final List<ConferenceEvent> events = new ArrayList<>();
        private Conference state = decider.initial();

        Decision<ConferenceEvent> decide(ConferenceCommand command) {
            Decision<ConferenceEvent> decision = decider.decide(command, state);
            if (decision instanceof Accepted<ConferenceEvent> accepted) {
                events.addAll(accepted.events());
                accepted.events().forEach(event -> state = decider.fold(state, event));
            }
            return decision;
        }
    }
}
