package dev.annals.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.api.AggregateType;
import dev.annals.api.AggregateView;
import dev.annals.api.RecordedEvent;
import dev.annals.api.View;
import java.util.List;
import org.junit.jupiter.api.Test;

class DomainsTest {

    @Test
    void no_domain_at_all_is_refused_with_what_to_add() {
        assertThatThrownBy(Domains::load)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("META-INF/services/dev.annals.api.Domain");
    }

    @Test
    void two_domains_of_one_name_are_refused() {
        assertThatThrownBy(() -> new Domains(List.of(new TestDomain("counters"), new TestDomain("counters"))))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("aggregate type 'counters'");
    }

    static final class Ours {
        record Row(String text) {}
    }

    static final class Theirs {
        record Row(String text) {}
    }

    private record Texts<R extends Record>(String name, Class<R> row) implements AggregateView<Object, R> {
        @Override
        public R apply(R row, RecordedEvent<Object> event) {
            return row;
        }
    }

    @Test
    void rows_of_one_name_are_refused_unless_their_domains_have_namespaces_of_their_own() {
        TestDomain ours = new TestDomain("tallies", "annals", List.of(new Texts<>("tallies", Ours.Row.class)));
        List<View<?, ?>> views = List.of(new Texts<>("counters", Theirs.Row.class));

        assertThatThrownBy(() -> new Domains(List.of(ours, new TestDomain("counters", "annals", views))))
                .isInstanceOf(StartupException.class)
                .hasMessageContainingAll("Ours$Row", "Theirs$Row", "annals.views.Row", "namespace of its own");
        assertThat(new Domains(List.of(ours, new TestDomain("counters", "org.example", views))).views())
                .hasSize(2);
    }

    @Test
    void domains_come_in_the_order_of_their_names() {
        Domains domains = new Domains(List.of(new TestDomain("tallies"), new TestDomain("counters")));

        assertThat(domains.aggregates()).extracting(AggregateType::name).containsExactly("counters", "tallies");
    }
}
