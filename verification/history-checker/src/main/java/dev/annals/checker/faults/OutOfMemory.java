package dev.annals.checker.faults;

import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.checker.cluster.Layout;
import dev.annals.checker.cluster.Placement;
import dev.annals.checker.history.AggregateRef;
import dev.annals.embedded.JvmProcess;
import dev.annals.embedded.StartFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A command service has far too little memory for what it is sent. */
final class OutOfMemory implements FaultScenario {

    private static final String SMALL = Layout.COMMAND_SERVICE + 0;
    private static final String TOO_LITTLE = "-Xmx96m";
    private static final String ENOUGH = "-Xmx384m";
    private static final int LARGE_COMMANDS = 48;

    /** Below the 900,000 bytes that a record may have. */
    private static final int CHARACTERS = 600_000;

    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(60);
    private static final Duration GREEN_OR_GONE_WITHIN = Duration.ofSeconds(60);
    private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(90);

    @Override
    public String name() {
        return "out-of-memory";
    }

    @Override
    public String expectation() {
        return "a command service with a heap of 96 MiB gets 48 commands of 600 KB at a time: it ends, or goes on deciding,"
                + " and is never ready and dead; another decides meanwhile; with a right heap it goes on";
    }

    @Override
    public Stage stage(Path folder, long seed) throws Exception {
        Path heap = Files.createDirectories(folder).resolve("heap-options");
        Files.writeString(heap, TOO_LITTLE);
        return new Stage() {
            @Override
            public Layout layout() {
                return Layout.of(2)
                        .placing(SMALL, Placement.LOOPBACK.withJvmOptions(List.of("@" + heap))) // read at each start
                        .placing(Layout.COMMAND_SERVICE + 1, Placement.LOOPBACK.withJvmOptions(List.of(ENOUGH)));
            }

            @Override
            public void disturb(FaultRun run) throws Exception {
                for (int round = 0; run.goesOn(); round++) {
                    run.pause(Duration.ofSeconds(2), Duration.ofSeconds(8));
                    sendLarge(run, round);
                    run.awaitDecisions(ANSWERED_WITHIN, "large commands came");
                    see(run);
                    startWith(run, heap, ENOUGH);
                    run.awaitReady(RECOVERED_WITHIN, "it has memory enough");
                    run.awaitDecisions(ANSWERED_WITHIN, "it has memory enough");
                    startWith(run, heap, run.goesOn() ? TOO_LITTLE : ENOUGH);
                }
                startWith(run, heap, ENOUGH);
            }
        };
    }

    private static void sendLarge(FaultRun run, int round) throws Exception {
        String owner = "o".repeat(CHARACTERS);
        List<Future<?>> sent = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < LARGE_COMMANDS; i++) {
                AggregateRef account = new AggregateRef("accounts", "large-%d-%d".formatted(round, i));
                sent.add(threads.submit(() -> run.workload()
                        .insist(account, "open", new OpenAccount(owner, "EUR", null), null, ANSWERED_WITHIN)));
            }
        }
        for (Future<?> each : sent) {
            each.get();
        }
    }

    /** Ended, or not ready, or it decides: which the barrier of {@link FaultRun#awaitDecisions} asks it first. */
    private static void see(FaultRun run) throws InterruptedException {
        JvmProcess service = run.installation().process(SMALL);
        Duration taken = run.await(
                GREEN_OR_GONE_WITHIN,
                () -> !service.isRunning()
                        || run.installation().readiness(SMALL).isReady());
        if (taken == null) {
            run.saw("%s runs, and is not ready: %s"
                    .formatted(SMALL, run.installation().readiness(SMALL)));
        } else if (service.isRunning()) {
            run.saw("%s went on".formatted(SMALL));
        } else {
            run.saw("%s ended".formatted(SMALL));
        }
    }

    private static void startWith(FaultRun run, Path heap, String option) throws IOException {
        JvmProcess service = run.installation().process(SMALL);
        service.stop();
        Files.writeString(heap, option);
        try {
            service.start();
        } catch (StartFailedException e) {
            run.saw("%s does not start with %s: %s".formatted(SMALL, option, e.getMessage()));
        }
    }
}
