package dev.annals.checker.faults;

import dev.annals.checker.cluster.Layout;
import dev.annals.checker.network.Network;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A scenario on a network of its own.
 *
 * @param layout of which nothing is placed yet
 */
record NetworkFault(String name, String expectation, Layout layout, Disturbance disturbance) implements FaultScenario {

    /** Three brokers, each a controller too, and two command services. */
    static final Layout CLUSTER = Layout.of(2).withBrokers(3, 3);

    /** What is done, see {@link Stage#disturb}. */
    interface Disturbance {

        void disturb(FaultRun run, NetworkStage stage) throws Exception;
    }

    @Override
    public Optional<String> obstacle() {
        return Network.obstacle();
    }

    @Override
    public Stage stage(Path folder, long seed) {
        return new NetworkStage(layout) {
            @Override
            public void disturb(FaultRun run) throws Exception {
                try {
                    disturbance.disturb(run, this);
                } finally {
                    network().heal();
                }
            }
        };
    }
}
