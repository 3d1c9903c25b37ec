package dev.annals.checker.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final int ROUND = 10;

    @Test
    void a_seed_plans_the_same_faults_again() {
        assertThat(faults(7, 100)).isEqualTo(faults(7, 100)).isNotEqualTo(faults(8, 100));
    }

    @Test
    void each_round_has_every_kind() {
        List<Fault> faults = faults(7, 3 * ROUND);

        for (int i = 0; i < faults.size(); i += ROUND) {
            assertThat(faults.subList(i, i + ROUND).stream().map(Fault::kind).collect(Collectors.toSet()))
                    .isEqualTo(EnumSet.allOf(Fault.Kind.class));
        }
    }

    private static List<Fault> faults(long seed, int count) {
        Schedule schedule = new Schedule(seed, 3);
        return Stream.generate(schedule::next).limit(count).toList();
    }
}
