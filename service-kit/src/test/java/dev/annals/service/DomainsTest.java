package dev.annals.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.core.decider.Decider;
import dev.annals.core.decider.Decision;
import dev.annals.core.domain.AggregateType;
import dev.annals.core.domain.Domain;
import dev.annals.core.projection.View;
import java.util.List;
import org.junit.jupiter.api.Test;

class DomainsTest {

    @Test
    void no_domain_at_all_is_refused_with_what_to_add() {
        assertThatThrownBy(Domains::load)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("META-INF/services/dev.annals.core.domain.Domain");
    }

    @Test
    void two_domains_of_one_name_are_refused() {
        assertThatThrownBy(() -> new Domains(List.of(new Counters("counters"), new Counters("counters"))))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("aggregate type 'counters'");
    }

    @Test
    void domains_come_in_the_order_of_their_names() {
        Domains domains = new Domains(List.of(new Counters("tallies"), new Counters("counters")));

        assertThat(domains.aggregates()).extracting(AggregateType::name).containsExactly("counters", "tallies");
    }

    record Counters(String name) implements Domain {
        @Override
        public AggregateType<?, ?, ?> aggregate() {
            return new AggregateType<>(
                    name, Change.class, Changed.class, Count.class, new Counting(), Add.class, null, null);
        }

        @Override
        public List<View<?, ?>> views() {
            return List.of();
        }
    }

    sealed interface Change {}

    record Add() implements Change {}

    sealed interface Changed {}

    record Added() implements Changed {}

    record Count(long value) {}

    static final class Counting implements Decider<Change, Count, Changed> {
        @Override
        public Count initial() {
            return new Count(0);
        }

        @Override
        public Decision<Changed> decide(Change command, Count state) {
            return Decision.accept(new Added());
        }

        @Override
        public Count evolve(Count state, Changed event) {
            return new Count(state.value() + 1);
        }
    }
}
