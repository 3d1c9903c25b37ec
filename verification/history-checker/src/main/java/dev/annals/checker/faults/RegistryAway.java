package dev.annals.checker.faults;

import dev.annals.checker.cluster.Layout;
import dev.annals.embedded.JvmProcess;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The schema registry is killed while services run, before one starts, and while one starts. */
final class RegistryAway {

    private static final String STARTED = Layout.COMMAND_SERVICE + 0;
    private static final Duration DECIDED_WITHIN = Duration.ofSeconds(15);
    private static final Duration RED_WITHIN = Duration.ofSeconds(30);
    private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(60);

    private RegistryAway() {}

    static FaultScenario scenario() {
        return new LoopbackFault(
                "registry-away",
                "services that run go on without the registry; one that starts without it, or loses it while it starts, says"
                        + " so, waits, and is ready within 60 s of its return",
                Layout.of(2).withReaders(1, 1),
                RegistryAway::disturb);
    }

    private static void disturb(FaultRun run) throws Exception {
        while (run.goesOn()) {
            run.pause(Duration.ofSeconds(15), Duration.ofSeconds(20)); // until all has read a record of every kind
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
        run.awaitReady(DECIDED_WITHIN, "the registry is away");
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
