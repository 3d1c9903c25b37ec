package dev.annals.checker.faults;

import dev.annals.checker.cluster.Layout;
import dev.annals.checker.cluster.Placement;
import dev.annals.embedded.JvmProcess;
import java.time.Duration;

/** The disk of the only broker is filled up, and freed. */
final class BrokerDiskFull {

    private static final Duration STOPS_WITHIN = Duration.ofSeconds(60);
    private static final Duration RED_WITHIN = Duration.ofSeconds(30);
    private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(60);

    private BrokerDiskFull() {}

    static FaultScenario scenario() {
        return new SmallDiskFault(
                "broker-disk-full",
                "the broker's disk is full, so it stops; services say that Kafka does not answer; when there is room again"
                        + " and the broker is started, all partitions decide within 60 s: nothing is lost or done twice",
                disk -> Layout.of(2).placing(Layout.BROKER + 1, Placement.LOOPBACK.in(disk)),
                BrokerDiskFull::fillAndFree);
    }

    private static void fillAndFree(FaultRun run, SmallDisk disk) throws Exception {
        JvmProcess broker = run.installation().broker();
        disk.fill();
        Duration taken = run.await(STOPS_WITHIN, () -> !broker.isRunning());
        if (taken == null) {
            run.saw("a broker whose disk is full still ran after %s and was killed"
                    .formatted(FaultRun.text(STOPS_WITHIN)));
            broker.kill();
        } else {
            run.saw("the broker stopped %s after its disk was full".formatted(FaultRun.text(taken)));
        }
        run.awaitNotReady(Layout.COMMAND_SERVICE + 0, RED_WITHIN, "Kafka does not answer");
        run.pause(Duration.ofSeconds(1), Duration.ofSeconds(10));
        disk.free();
        broker.start();
        run.awaitDecisions(RECOVERED_WITHIN, "the broker's disk has room again");
        run.awaitReady(RECOVERED_WITHIN, "the broker's disk has room again");
    }
}
