package dev.annals.checker.faults;

import dev.annals.checker.cluster.Layout;
import dev.annals.embedded.BrokerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Each of three brokers is killed in turn, whatever it leads and coordinates. */
final class KillBrokers implements FaultScenario {

    private static final Duration DECIDED_WITHIN = Duration.ofSeconds(15);
    private static final Duration IN_SYNC_WITHIN = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "kill-brokers";
    }

    @Override
    public String expectation() {
        return "kill -9 of each of three brokers in turn, among them the active controller, a leader of busy partitions and"
                + " the coordinators of transactions and groups: nothing is lost or done twice, and all partitions"
                + " decide again within 15 s";
    }

    @Override
    public Stage stage(Path folder, long seed) {
        return new Stage() {
            @Override
            public Layout layout() {
                return Layout.of(2).withBrokers(3, 3);
            }

            @Override
            public void disturb(FaultRun run) throws Exception {
                try (BrokerRoles roles = new BrokerRoles(run.installation().config())) {
                    while (run.goesOn()) {
                        killEach(run, roles);
                    }
                }
            }
        };
    }

    private static void killEach(FaultRun run, BrokerRoles roles) throws Exception {
        List<BrokerProcess> brokers = run.installation().brokers();
        List<Integer> order = new ArrayList<>(List.of(1, 2, 3));
        Collections.shuffle(order, Random.from(run.random()));
        for (int id : order) {
            BrokerProcess broker = brokers.get(id - 1);
            String victim = roles.describe(id);
            broker.kill();
            run.awaitDecisions(DECIDED_WITHIN, "killed " + victim);
            run.pause(Duration.ofSeconds(1), Duration.ofSeconds(5));
            broker.start();
            if (run.await(IN_SYNC_WITHIN, roles::areAllInSync) == null) {
                run.found("broker %d did not catch up".formatted(id));
            }
        }
    }
}
