package dev.annals.checker.faults;

import dev.annals.checker.cluster.Layout;
import dev.annals.checker.history.Answer.Unknown;
import dev.annals.checker.history.Call;
import dev.annals.embedded.BrokerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Brokers that are killed: one of three, or two. */
final class LostBrokers {

    private static final Duration DECIDED_WITHIN = Duration.ofSeconds(15);
    private static final Duration IN_SYNC_WITHIN = Duration.ofSeconds(60);
    private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(60);
    private static final Duration TOO_FEW_WITHIN = Duration.ofSeconds(20);

    /** After which a command counts as not sent, see the command service, with what a busy machine adds. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(25);

    private static final int STATUS = 3;

    private LostBrokers() {}

    static List<FaultScenario> scenarios() {
        return List.of(
                new LoopbackFault(
                        "kill-brokers",
                        "kill -9 of each of three brokers in turn, among them the active controller, a leader of busy"
                                + " partitions and the coordinators of transactions and groups: nothing is lost or done"
                                + " twice, and all partitions decide again within 15 s",
                        Layout.of(2).withBrokers(3, 3),
                        LostBrokers::killEach),
                new LoopbackFault(
                        "below-min-isr",
                        "two of three brokers are killed, and the third may write nothing alone: commands over HTTP are"
                                + " answered with 503, never with 202 or 500; all partitions decide within 60 s of"
                                + " their return",
                        Layout.of(2).withBrokers(3, 1),
                        LostBrokers::leaveOne));
    }

    private static void killEach(FaultRun run) throws Exception {
        List<BrokerProcess> brokers = run.installation().brokers();
        List<Integer> order = new ArrayList<>(List.of(1, 2, 3));
        Collections.shuffle(order, Random.from(run.random()));
        try (BrokerRoles roles = new BrokerRoles(run.installation().config())) {
            for (int i = 0; run.goesOn() || i % order.size() != 0; i++) {
                int id = order.get(i % order.size());
                String victim = roles.describe(id);
                brokers.get(id - 1).kill();
                run.awaitDecisions(DECIDED_WITHIN, "killed " + victim);
                run.pause(Duration.ofSeconds(1), Duration.ofSeconds(5));
                brokers.get(id - 1).start();
                if (run.await(IN_SYNC_WITHIN, roles::areAllInSync) == null) {
                    run.found("broker %d did not catch up".formatted(id));
                }
            }
        }
    }

    /** The one that stays is the only controller, so that the cluster knows what it has lost. */
    private static void leaveOne(FaultRun run) throws Exception {
        BrokerProcess stays = run.installation().brokers().getFirst();
        List<BrokerProcess> others = run.installation().brokers().subList(1, 3);
        try (BrokerRoles roles = new BrokerRoles(stays)) {
            while (run.goesOn()) {
                others.forEach(BrokerProcess::kill);
                if (run.await(TOO_FEW_WITHIN, roles::isAlone) == null) {
                    run.found("the two brokers are still in sync");
                }
                Map<String, Integer> answers = new TreeMap<>();
                for (Call each : run.askAll(ANSWER_LIMIT)) {
                    String answer = each.answer() instanceof Unknown unknown
                            ? unknown.reason()
                            : each.answer().toString();
                    answers.merge(answer.substring(0, Math.min(answer.length(), STATUS)), 1, Integer::sum);
                    run.expect(answer.startsWith("503 "), "503 while too few brokers are in sync, got " + each);
                }
                run.saw("two brokers away: answers by status %s".formatted(answers));
                run.pause(Duration.ofSeconds(1), Duration.ofSeconds(5));
                for (BrokerProcess each : others) {
                    each.start();
                }
                run.awaitDecisions(RECOVERED_WITHIN, "both brokers back");
                run.awaitReady(RECOVERED_WITHIN, "both brokers back");
                if (run.await(IN_SYNC_WITHIN, roles::areAllInSync) == null) {
                    run.found("brokers did not catch up");
                }
            }
        }
    }
}
