package dev.annals.checker.faults;

import dev.annals.checker.check.Rule;
import dev.annals.checker.cluster.Installation;
import dev.annals.checker.cluster.Layout;
import dev.annals.embedded.BrokerProcess;
import dev.annals.embedded.JvmProcess;
import dev.annals.embedded.StartFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Unclean leader election: the events of a type stand on two brokers, of which one may write alone; it does while the
 * other is away, and dies. The other takes over without the last events.
 */
final class UncleanElection {

    private static final String RESTARTED = Layout.COMMAND_SERVICE + 0;

    /** Of a lane, and of the watch of the cluster. */
    private static final String[] WORDS = {"lost its end", "where it once ended at"};

    private static final Duration MOVED_WITHIN = Duration.ofSeconds(60);
    private static final Duration RED_WITHIN = Duration.ofSeconds(75);

    private static final String MIN_IN_SYNC = "min.insync.replicas";
    private static final String UNCLEAN = "unclean.leader.election.enable";

    private UncleanElection() {}

    static FaultScenario scenario() {
        Set<Rule> held = EnumSet.copyOf(TopicDeleted.STILL_HELD);
        held.addAll(Set.of(Rule.EVENT_ADDRESS, Rule.EVENT_VERSIONS, Rule.EVENT_WITHOUT_COMMAND));
        return new LoopbackFault(
                "unclean-election",
                "a broker without the last events of a type becomes their leader: each command service is not ready within"
                        + " 75 s and says why, also one that is started again; no event follows on those that are lost,"
                        + " and no command is decided twice",
                Layout.of(2).withBrokers(3, 3),
                EnumSet.complementOf(EnumSet.copyOf(held)),
                UncleanElection::disturb);
    }

    private static void disturb(FaultRun run) throws Exception {
        List<Integer> ids = new ArrayList<>(List.of(1, 2, 3));
        Collections.shuffle(ids, Random.from(run.random()));
        int leader = ids.get(0);
        int follower = ids.get(1);
        List<BrokerProcess> brokers = run.installation().brokers();
        try (TopicChanges topics = new TopicChanges(run.installation().config())) {
            run.pause(Duration.ofSeconds(5), Duration.ofSeconds(10));
            String events = topics.events(run.random());
            topics.set(events, MIN_IN_SYNC, "1");
            topics.set(events, UNCLEAN, "true");
            topics.place(events, List.of(leader, follower));
            awaitLeader(run, topics, events, leader, 2);
            brokers.get(follower - 1).kill();
            awaitLeader(run, topics, events, leader, 1);
            run.pause(Duration.ofSeconds(8), Duration.ofSeconds(12)); // what is written now, the follower lacks
            Map<Integer, Long> before = topics.ends(events);
            brokers.get(leader - 1).kill();
            brokers.get(follower - 1).start();
            awaitLeader(run, topics, events, follower, 1);
            Map<Integer, Long> lost = lost(before, topics.ends(events));
            brokers.get(leader - 1).start();
            run.saw("broker %d leads %s without what broker %d had: at least %s records lost by partition"
                    .formatted(follower, events, leader, lost));
            run.expect(!lost.isEmpty(), "a partition that has lost its end");
            topics.set(events, UNCLEAN, "false");
            topics.place(events, ids);
            topics.set(events, MIN_IN_SYNC, "2");
            for (String service : run.installation().services()) {
                run.awaitNotReady(service, RED_WITHIN, WORDS);
            }
        }
        startAgain(run);
    }

    /** By how much ends are lower than before, of those that are; what came since makes up for some of it. */
    private static Map<Integer, Long> lost(Map<Integer, Long> before, Map<Integer, Long> now) {
        Map<Integer, Long> lost = new TreeMap<>();
        now.forEach((partition, end) -> lost.put(partition, before.getOrDefault(partition, 0L) - end));
        lost.values().removeIf(count -> count <= 0);
        return lost;
    }

    private static void awaitLeader(FaultRun run, TopicChanges topics, String events, int leader, int inSync)
            throws Exception {
        BooleanSupplier led = () -> {
            boolean is = topics.isLed(events, leader, inSync);
            if (!is) {
                topics.electPreferred(events);
            }
            return is;
        };
        if (run.await(MOVED_WITHIN, led) == null) {
            throw new IllegalStateException("broker %d does not lead %s with %d replicas in sync in all %d partitions"
                    .formatted(leader, events, inSync, Installation.PARTITIONS));
        }
    }

    private static void startAgain(FaultRun run) throws InterruptedException {
        JvmProcess service = run.installation().process(RESTARTED);
        service.stop();
        try {
            service.start();
            run.awaitNotReady(RESTARTED, RED_WITHIN, WORDS);
        } catch (StartFailedException e) {
            run.saw("%s refuses to start: %s".formatted(RESTARTED, e.getMessage()));
            run.expect(FaultRun.hasAny(String.valueOf(e.getMessage()), WORDS), "the reason, one of " + List.of(WORDS));
        }
    }
}
