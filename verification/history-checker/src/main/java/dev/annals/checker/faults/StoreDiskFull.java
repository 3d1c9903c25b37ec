package dev.annals.checker.faults;

import dev.annals.checker.cluster.Layout;
import dev.annals.checker.cluster.Placement;
import dev.annals.embedded.JvmProcess;
import dev.annals.embedded.StartFailedException;
import java.time.Duration;

/** The disk with the stores of a service is filled up, while it runs and over a restart, and freed. */
final class StoreDiskFull {

    private static final String COMMANDS = Layout.COMMAND_SERVICE + 0;
    private static final String QUERIES = Layout.QUERY_SERVICE + 0;
    private static final Duration OTHERS_DECIDE_WITHIN = Duration.ofSeconds(60);
    private static final Duration RED_WITHIN = Duration.ofSeconds(60);

    /** The pause between two starts of an application is 30 s at most, and its failures count for 2 minutes. */
    private static final Duration RECOVERED_WITHIN = Duration.ofMinutes(3);

    private StoreDiskFull() {}

    static FaultScenario scenario() {
        return new SmallDiskFault(
                "store-disk-full",
                "the disk with the stores of a command service and of a query service is full, and they are started on it:"
                        + " another instance decides, readiness says that no space is left, and they go on when there is room",
                disk -> Layout.of(2)
                        .withReaders(1, 1)
                        .placing(COMMANDS, Placement.LOOPBACK.in(disk.resolve(COMMANDS)))
                        .placing(QUERIES, Placement.LOOPBACK.in(disk.resolve(QUERIES))),
                StoreDiskFull::fillAndFree);
    }

    private static void fillAndFree(FaultRun run, SmallDisk disk) throws Exception {
        disk.fill();
        run.pause(Duration.ofSeconds(2), Duration.ofSeconds(10));
        restart(run, COMMANDS, disk);
        run.awaitDecisions(OTHERS_DECIDE_WITHIN, "the stores of one command service have no room");
        run.installation().process(COMMANDS).stop(); // what it tries gives some room, too
        restart(run, QUERIES, disk);
        run.pause(Duration.ofSeconds(1), Duration.ofSeconds(10));
        disk.free();
        for (String service : new String[] {COMMANDS, QUERIES}) {
            run.installation().process(service).start(); // if it had not started
        }
        run.awaitReady(RECOVERED_WITHIN, "the stores have room again");
    }

    /** A service may refuse to start, saying why. */
    private static void restart(FaultRun run, String service, SmallDisk disk) throws Exception {
        run.saw("%s, %d after its disk was full"
                .formatted(service, run.installation().readiness(service).status()));
        JvmProcess process = run.installation().process(service);
        process.stop();
        disk.fill(); // again: what ends gives some room
        try {
            process.start();
            run.awaitNotReady(service, RED_WITHIN, "No space left");
        } catch (StartFailedException e) {
            run.saw("%s does not start: %s".formatted(service, e.getMessage()));
            run.expect(String.valueOf(e.getMessage()).contains("No space left"), "the reason, No space left");
        }
    }
}
