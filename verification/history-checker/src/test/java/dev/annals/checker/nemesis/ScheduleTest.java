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

    @Test
    void zombies_are_made_by_nothing_but_pauses_beyond_the_session() {
        assertThat(faults(7, ROUND, Disturbance.ZOMBIES))
                .extracting(Fault::kind)
                .containsOnly(Fault.Kind.FREEZE_INSTANCE);
    }

    private static List<Fault> faults(long seed, int count) {
        return faults(seed, count, Disturbance.EVERY_KIND);
    }

    private static List<Fault> faults(long seed, int count, Disturbance disturbance) {
        Schedule schedule = new Schedule(seed, 3, disturbance);
        return Stream.generate(schedule::next).limit(count).toList();
    }
}
