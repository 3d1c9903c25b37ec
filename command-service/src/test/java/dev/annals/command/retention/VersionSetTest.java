package dev.annals.command.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class VersionSetTest {

    @Test
    void it_has_what_was_added_and_not_removed() {
        Random random = new Random(20261202);
        VersionSet set = new VersionSet();
        TreeSet<Long> expected = new TreeSet<>();
        for (int i = 0; i < 20_000; i++) {
            long version = 1 + random.nextLong(random.nextBoolean() ? 300 : 1L << 40);
            if (random.nextInt(3) == 0) {
                set.remove(version);
                expected.remove(version);
            } else {
                set.add(version);
                expected.add(version);
            }
            long from = random.nextBoolean() ? version : 1 + random.nextLong(400);
            Long below = expected.lower(from);
            assertThat(set.below(from)).isEqualTo(below == null ? 0 : below);
        }
    }
}
