package dev.annals.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.annals.checker.faults.FaultScenario;
import dev.annals.checker.faults.FaultScenarios;
import dev.annals.checker.nemesis.Disturbance;
import dev.annals.checker.workload.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A selection of the faults of a real cluster, each for a short time; {@code check --fault all} has all of them. */
@Tag("long")
final class FaultsE2E {

    private static final long SEED = 20_261_201;
    private static final Duration SHORT = Duration.ofSeconds(15);
    private static final int CLIENTS = 8;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = "query-cut")
    void what_a_scenario_expects_is_seen_and_nothing_is_found(String name) throws Exception {
        FaultScenario scenario = FaultScenarios.named(name);
        Optional<String> obstacle = scenario.obstacle();
        assumeTrue(obstacle.isEmpty(), () -> name + ": " + obstacle.orElse(""));

        Report report = CheckerRun.in(
                folder,
                scenario,
                new RunOptions(Scenario.COMMANDS, SEED, SHORT, 2, CLIENTS, Disturbance.EVERY_KIND, Variant.PLAIN, null),
                System.out::println);
        report.lines().forEach(System.out::println);

        assertThat(report.findings()).as(String.join("\n", report.lines())).isEmpty();
        assertThat(report.history().events()).isNotEmpty();
    }
}
