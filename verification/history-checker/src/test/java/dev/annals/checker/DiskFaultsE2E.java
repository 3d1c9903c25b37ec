package dev.annals.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.annals.checker.faults.FaultScenario;
import dev.annals.checker.faults.FaultScenarios;
import dev.annals.checker.nemesis.Disturbance;
import dev.annals.checker.workload.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shortest runs of some scenarios: one round each. */
@Tag("long")
final class DiskFaultsE2E {

    private static final long SEED = 20_261_201;
    private static final int CLIENTS = 16;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"registry-empty"})
    void what_is_expected_of_a_fault_holds(String name) throws Exception {
        FaultScenario scenario = FaultScenarios.named(name);
        assumeTrue(scenario.obstacle().isEmpty(), () -> scenario.obstacle().orElse("none"));

        Report report = CheckerRun.in(
                folder,
                scenario,
                new RunOptions(
                        Scenario.COMMANDS,
                        SEED,
                        Duration.ofSeconds(1),
                        2,
                        CLIENTS,
                        Disturbance.EVERY_KIND,
                        Variant.PLAIN,
                        null),
                System.out::println);

        report.lines().forEach(System.out::println);
        assertThat(report.findings()).as(String.join("\n", report.lines())).isEmpty();
        assertThat(report.history().events()).isNotEmpty();
    }
}
