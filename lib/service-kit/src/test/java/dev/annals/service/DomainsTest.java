package dev.annals.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.api.AggregateType;
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

    @Test
    void domains_come_in_the_order_of_their_names() {
        Domains domains = new Domains(List.of(new TestDomain("tallies"), new TestDomain("counters")));

        assertThat(domains.aggregates()).extracting(AggregateType::name).containsExactly("counters", "tallies");
    }
}
