package dev.annals.checker.faults;

import dev.annals.checker.cluster.Layout;
import dev.annals.checker.cluster.Readiness;
import dev.annals.embedded.JvmProcess;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The schema registry is killed while services run, before one starts, and while one starts. */
final class RegistryAway {

    private static final int COMMAND_SERVICES = 2;
    private static final int OK = 200;
    private static final String STARTED = Layout.COMMAND_SERVICE + 0;
    private static final Duration DECIDED_WITHIN = Duration.ofSeconds(15);
    private static final Duration RED_WITHIN = Duration.ofSeconds(30);
    private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(60);

    private RegistryAway() {}

    static FaultScenario scenario() {
        return new LoopbackFault(
                "registry-away",
                "command services that run decide without the registry; one that starts without it, or loses it while it starts,"
                        + " says so and waits; so do views that meet a schema for the first time; all are ready within 60 s"
                        + " of its return",
                Layout.of(COMMAND_SERVICES).withReaders(1, 1),
                RegistryAway::disturb);
    }

    private static void disturb(FaultRun run) throws Exception {
        while (run.goesOn()) {
            run.pause(Duration.ofSeconds(1), Duration.ofSeconds(5));
            whileAllRun(run);
            beforeAStart(run);
            duringAStart(run);
        }
    }

    private static void whileAllRun(FaultRun run) throws Exception {
        run.installation().registry().kill();
        run.awaitDecisions(DECIDED_WITHIN, "the registry is away");
        run.pause(Duration.ofSeconds(3), Duration.ofSeconds(15));
        run.awaitDecisions(DECIDED_WITHIN, "the registry is still away");
        for (int i = 0; i < COMMAND_SERVICES; i++) {
            Readiness readiness = run.installation().readiness(Layout.COMMAND_SERVICE + i);
            run.expect(
                    readiness.status() == OK, "command services that are ready without the registry, got " + readiness);
        }
    }

    /** Ends with a registry that runs. */
    private static void beforeAStart(FaultRun run) throws Exception {
        run.installation().process(STARTED).restart();
        run.awaitNotReady(STARTED, RED_WITHIN, "schemas: ");
        run.awaitDecisions(RECOVERED_WITHIN, "one service starts without the registry");
        run.pause(Duration.ofSeconds(1), Duration.ofSeconds(10));
        run.installation().registry().start();
        run.awaitReady(RECOVERED_WITHIN, "the registry is back");
    }

    private static void duringAStart(FaultRun run) throws Exception {
        JvmProcess service = run.installation().process(STARTED);
        service.stop();
        CompletableFuture<Void> starting = CompletableFuture.runAsync(
                service::start, task -> Thread.ofPlatform().start(task));
        run.pause(Duration.ofSeconds(1), Duration.ofSeconds(8));
        run.installation().registry().kill();
        run.pause(Duration.ofSeconds(1), Duration.ofSeconds(10));
        run.installation().registry().start();
        starting.join();
        run.awaitReady(RECOVERED_WITHIN, "the registry was away during a start");
    }
}
