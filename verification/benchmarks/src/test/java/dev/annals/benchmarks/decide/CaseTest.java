package dev.annals.benchmarks.decide;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CaseTest {

    @ParameterizedTest
    @EnumSource(Case.class)
    void every_case_is_accepted_and_changes_the_state(Case each) {
        Step<?, ?, ?> step = each.step();

        assertThat((Object) step.run()).isNotEqualTo(step.state());
    }
}
