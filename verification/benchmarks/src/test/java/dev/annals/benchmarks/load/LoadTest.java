package dev.annals.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LoadTest {

    private static final int ACCOUNTS = 100;
    private static final Population POPULATION = new Population(7, ACCOUNTS, 1);

    @Test
    void a_counted_load_gives_each_account_the_same() {
        Load load = Load.counted(CommandKind.DEPOSIT, POPULATION, 3, 1);

        int[] counts = new int[ACCOUNTS];
        LongStream.range(0, load.commands()).forEach(i -> counts[load.account(i) - POPULATION.first()]++);

        assertThat(IntStream.of(counts)).containsOnly(3);
    }

    @Test
    void a_timed_load_spreads_over_all_accounts() {
        Load load = Load.timed(POPULATION, 1, 0, Duration.ZERO, Duration.ofSeconds(1));

        int[] counts = new int[ACCOUNTS];
        LongStream.range(0, 100_000).forEach(i -> counts[load.account(i) - POPULATION.first()]++);

        assertThat(IntStream.of(counts)).allMatch(count -> count > 800 && count < 1_200);
    }
}
