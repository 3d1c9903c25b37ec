package dev.annals.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a type is made of, and what is said where a part is missing or wrong. */
class AggregateTypeTest {

    sealed interface Command {}

    record Open() implements Command {}

    record Replace() implements Command {}

    record Close() implements Command {}

    sealed interface Event {}

    record Opened() implements Event {}

    record Begun() {}

    record State() {}

    private static final class Rules implements Decider<Command, State, Event> {
        @Override
        public State initial() {
            return new State();
        }

        @Override
        public Decision<Event> decide(Command command, State state) {
            return Decision.accept(new Opened());
        }

        @Override
        public State evolve(State state, Event event) {
            return state;
        }
    }

    private static AggregateType.Builder<Command, State, Event> complete() {
        return AggregateType.named("shop-doors", new Rules())
                .commands(Command.class)
                .events(Event.class)
                .state(State.class)
                .createdBy(Open.class);
    }

    @Test
    void a_type_has_the_parts_that_were_named() {
        AggregateType<Command, State, Event> type = complete()
                .namespace("org.example.shop")
                .replacedBy(Replace.class)
                .deletedBy(Close.class)
                .upcasters(Upcaster.of(Begun.class, Opened.class, old -> new Opened()))
                .build();

        assertThat(type.name()).isEqualTo("shop-doors");
        assertThat(type.namespace()).isEqualTo("org.example.shop");
        assertThat(List.of(type.commands(), type.events(), type.state()))
                .containsExactly(Command.class, Event.class, State.class);
        assertThat(type.createdBy()).isEqualTo(Open.class);
        assertThat(type.replacedBy()).isEqualTo(Replace.class);
        assertThat(type.deletedBy()).isEqualTo(Close.class);
        assertThat(type.upcast(new Begun())).containsExactly(new Opened());
    }

    @Test
    void a_type_need_not_have_all_of_them() {
        AggregateType<Command, State, Event> type = complete().build();

        assertThat(type.namespace()).isEqualTo("annals");
        assertThat(type.replacedBy()).isNull();
        assertThat(type.deletedBy()).isNull();
        assertThat(type.upcasters()).isEmpty();
    }

    @Test
    void a_missing_part_is_named_with_the_call_that_gives_it() {
        assertThatIllegalArgumentException()
                .isThrownBy(AggregateType.named("doors", new Rules()).commands(Command.class)::build)
                .withMessage("aggregate type 'doors': no events: call .events(….class) before build()");
    }

    @Test
    void records_without_a_sealed_interface_are_refused() {
        AggregateType.Builder<Event, State, Event> wrong = AggregateType.named("doors", new Decider<>() {
            @Override
            public State initial() {
                return new State();
            }

            @Override
            public Decision<Event> decide(Event command, State state) {
                return Decision.accept();
            }

            @Override
            public State evolve(State state, Event event) {
                return state;
            }
        });
        @SuppressWarnings("unchecked") // as raw code could pass it
        Class<Event> open = (Class<Event>) (Class<?>) Runnable.class;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> wrong.commands(open))
                .withMessageContainingAll("'doors'", "commands java.lang.Runnable", "sealed interface of records");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "org..example", "1st", "org.example.", "my-shop"})
    void a_namespace_is_names_joined_by_dots(String namespace) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> complete().namespace(namespace))
                .withMessageContainingAll("'shop-doors'", "namespace '" + namespace + "'", "org.example.shop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Doors", "shop_doors", "-doors", "doors-", "1st"})
    void a_name_is_lower_case_words_joined_by_hyphens(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AggregateType.named(name, new Rules()))
                .withMessageContainingAll("aggregate type '" + name + "'", "lower-case words joined by '-'");
        assertThat(View.isName(name)).isFalse();
        assertThat(View.isName("shop-doors-2")).isTrue();
    }

    @Test
    void a_circle_of_upcasters_is_refused_when_the_type_is_built() {
        var circle = complete().upcasters(Upcaster.of(Begun.class, Begun.class, old -> old));

        assertThatIllegalArgumentException().isThrownBy(circle::build).withMessageContaining("circle");
    }
}
