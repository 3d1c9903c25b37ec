package dev.annals.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.Domain;
import dev.annals.api.ProcessManager;
import dev.annals.api.View;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShapesTest {

    sealed interface Command {}

    record Do() implements Command {}

    sealed interface Event {}

    record Done() implements Event {}

    /** Two shapes of one name. */
    static final class Before {
        record State(long count) {}
    }

    static final class After {
        record State(long count, long more) {}
    }

    private record Rules<S>(int version, S initial) implements Decider<Command, S, Event> {
        @Override
        public Decision<Event> decide(Command command, S state) {
            return Decision.accept(new Done());
        }

        @Override
        public S evolve(S state, Event event) {
            return state;
        }
    }

    private record TestDomain<S extends Record>(Class<S> state, Rules<S> rules, List<ProcessManager<?>> processes)
            implements Domain {
        TestDomain(Class<S> state, Rules<S> rules) {
            this(state, rules, List.of());
        }

        @Override
        public AggregateType<?, ?, ?> aggregate() {
            return AggregateType.named("shaped", rules)
                    .commands(Command.class)
                    .events(Event.class)
                    .state(state)
                    .createdBy(Do.class)
                    .build();
        }

        @Override
        public List<View<?, ?>> views() {
            return List.of();
        }
    }

    private static Shapes before(int version) {
        return Shapes.of(new TestDomain<>(Before.State.class, new Rules<>(version, new Before.State(0))));
    }

    private static Shapes after(int version) {
        return Shapes.of(new TestDomain<>(After.State.class, new Rules<>(version, new After.State(0, 0))));
    }

    @Test
    void what_is_recorded_as_it_is_has_no_problem() {
        assertThat(before(1).problems(before(1).lines())).isEmpty();
        assertThat(before(1).lines()).matches("state:shaped 1 [0-9a-f]{16}\n");
    }

    @Test
    void another_shape_needs_a_higher_version() {
        assertThat(after(1).problems(before(1).lines()))
                .containsExactly(
                        "shapes/shaped.txt: the shape of state:shaped changed, but Decider.version() did not: raise"
                                + " it above 1, then record both by running this test once with -Dannals.shapes.record=true");
    }

    @Test
    void a_higher_version_wants_to_be_recorded() {
        String how = "; record it by running this test once with -Dannals.shapes.record=true";

        assertThat(after(2).problems(before(1).lines()))
                .containsExactly("shapes/shaped.txt: version 2 of state:shaped is not recorded" + how);
        assertThat(before(2).problems(before(1).lines())).hasSize(1);
        assertThat(before(1).problems(null)).containsExactly("shapes/shaped.txt: state:shaped is not recorded" + how);
    }

    @Test
    void a_version_never_goes_back() {
        assertThat(before(1).problems(before(2).lines()))
                .containsExactly(
                        "shapes/shaped.txt: state:shaped has version 1, it had 2 before; versions are only raised");
    }

    @Test
    void the_state_of_a_process_has_a_shape_too() {
        Domain domain = new TestDomain<>(
                Before.State.class, new Rules<>(1, new Before.State(0)), List.of(new Parcels.PostingProcess()));

        assertThat(Shapes.of(domain).lines()).startsWith("process:postings 1 ");
        assertThat(Shapes.of(domain).problems(before(1).lines() + "process:postings 1 0\n"))
                .singleElement()
                .asString()
                .contains("ProcessManager.version()");
    }

    @Test
    void what_is_gone_is_noticed() {
        assertThat(before(1).problems(before(1).lines() + "row:gone 1 0\n")).hasSize(1);
    }
}
