package dev.annals.checker.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.checker.cluster.Installation.Program;
import dev.annals.checker.cluster.Layout;
import dev.annals.checker.fuzz.FaultyService.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The short form of the fuzz run, and what it must find. */
@Tag("heavy")
final class FuzzE2E {

    private static final long SEED = 20_261_202;
    private static final long INPUTS = 20_000;

    /** So that those after which memory is looked at for the first time have touched everything. */
    private static final int WARM_UP = 40;

    private static final Path ROUTES = Path.of("../../docs/reference/routes.md");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void malformed_requests_and_records_are_refused_and_leave_nothing_behind() throws Exception {
        FuzzReport report = run(FuzzRun.layout(), INPUTS);

        assertThat(report.findings()).isEmpty();
    }

    @Tag("long")
    @Test
    void a_bug_behind_an_unusual_header_is_found() throws Exception {
        FuzzReport report = run(faulty(Fault.THROWS), INPUTS / 4);

        assertThat(report.findings())
                .anyMatch(finding -> finding.startsWith("answer: status 500"))
                .anyMatch(finding -> finding.startsWith("log: COMMAND") && finding.contains("planted"));
    }

    @Tag("long")
    @Test
    void memory_that_each_request_costs_is_found() throws Exception {
        FuzzReport report = run(faulty(Fault.LEAKS), INPUTS);

        assertThat(report.findings()).anyMatch(finding -> finding.startsWith("memory: COMMAND: bytes of heap"));
    }

    private static Layout faulty(Fault fault) {
        return FuzzRun.layout()
                .withCommandProgram(new Program(FaultyService.class.getName(), List.of(fault.jvmOption()), Map.of()));
    }

    private FuzzReport run(Layout layout, long inputs) throws Exception {
        FuzzOptions options = new FuzzOptions(SEED, inputs, Duration.ofMinutes(4), 16, WARM_UP, false, ROUTES, null);
        FuzzReport report = FuzzRun.in(folder, layout, options, System.out::println);
        report.lines().forEach(System.out::println);
        report.findings().forEach(System.out::println);
        return report;
    }
}
