package dev.annals.checker.faults;

import dev.annals.checker.cluster.Layout;
import dev.annals.checker.network.SlowRelay;
import dev.annals.embedded.BrokerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Between services and brokers, and between brokers: links that are cut, lossy and slow. */
final class BrokenLinks {

    private static final Duration LEAST = Duration.ofSeconds(12);
    private static final Duration MOST = Duration.ofSeconds(25);
    private static final Duration CALM = Duration.ofSeconds(5);
    private static final Duration HEALED_WITHIN = Duration.ofSeconds(60);

    /** A broker that has passed a question on to the old one waits for its answer for 30 s. */
    private static final Duration ELECTED_WITHIN = Duration.ofSeconds(45);

    private static final int LOSS_PERCENT = 30;
    private static final Duration DELAY = Duration.ofMillis(200);

    private BrokenLinks() {}

    static List<FaultScenario> scenarios() {
        return List.of(
                new NetworkFault(
                        "cut",
                        "what one command service sends to one broker is dropped, or what the broker sends to it, for"
                                + " longer than a session and a transaction last: nothing is lost or done twice, and"
                                + " all partitions decide again within 60 s of its end",
                        NetworkFault.CLUSTER,
                        BrokenLinks::cut),
                new NetworkFault(
                        "loss",
                        "30 % of all packets between one command service and all others are lost: nothing is lost or"
                                + " done twice, and all partitions decide within 60 s of its end",
                        NetworkFault.CLUSTER,
                        BrokenLinks::lose),
                new NetworkFault(
                        "delay",
                        "what one command service and the brokers tell each other comes 200 ms later: nothing is lost"
                                + " or done twice, and all partitions decide within 60 s all the while",
                        NetworkFault.CLUSTER,
                        BrokenLinks::delay),
                new NetworkFault(
                        "controllers-apart",
                        "the active controller can't reach the other two brokers, nor they it, while clients reach"
                                + " all: the others elect one, nothing is lost or done twice, and all partitions decide"
                                + " again within 60 s of its end",
                        NetworkFault.CLUSTER,
                        BrokenLinks::controllersApart));
    }

    private static String any(FaultRun run, String name, int first, int count) {
        return name + (first + run.random().nextInt(count));
    }

    private static void cut(FaultRun run, NetworkStage stage) throws Exception {
        while (run.goesOn()) {
            String service = any(run, Layout.COMMAND_SERVICE, 0, 2);
            String broker = any(run, Layout.BROKER, 1, 3);
            boolean outwards = run.random().nextBoolean();
            String from = outwards ? service : broker;
            String to = outwards ? broker : service;
            Duration length = run.between(LEAST, MOST);
            run.say("nothing gets from %s to %s for %s".formatted(from, to, FaultRun.text(length)));
            stage.network().cut(from, to);
            Thread.sleep(length);
            stage.network().heal();
            run.awaitDecisions(
                    HEALED_WITHIN, "after nothing got from %s to %s for %s".formatted(from, to, FaultRun.text(length)));
            Thread.sleep(CALM);
        }
    }

    private static void lose(FaultRun run, NetworkStage stage) throws Exception {
        while (run.goesOn()) {
            String service = any(run, Layout.COMMAND_SERVICE, 0, 2);
            Duration length = run.between(LEAST, MOST);
            run.say("%d %% of what %s sends and gets is lost for %s"
                    .formatted(LOSS_PERCENT, service, FaultRun.text(length)));
            stage.network().lose(service, LOSS_PERCENT);
            Thread.sleep(length);
            stage.network().heal();
            run.awaitDecisions(
                    HEALED_WITHIN,
                    "after %d %% of what %s sends and gets was lost for %s"
                            .formatted(LOSS_PERCENT, service, FaultRun.text(length)));
            Thread.sleep(CALM);
        }
    }

    private static void delay(FaultRun run, NetworkStage stage) throws Exception {
        while (run.goesOn()) {
            String service = any(run, Layout.COMMAND_SERVICE, 0, 2);
            List<SlowRelay> relays = new ArrayList<>();
            try {
                stage.network().redirect(service, relays(run, stage, relays));
                run.say("%s and the brokers hear each other %d ms later".formatted(service, DELAY.toMillis()));
                run.pause(LEAST, MOST);
                run.awaitDecisions(
                        HEALED_WITHIN, "while " + service + " and the brokers heard each other 200 ms later");
            } finally {
                stage.network().direct(service);
                for (SlowRelay relay : relays) {
                    relay.close();
                }
            }
            run.awaitDecisions(HEALED_WITHIN, "after it");
            Thread.sleep(CALM);
        }
    }

    /** Their ports, by the broker they lead to. */
    private static Map<String, Integer> relays(FaultRun run, NetworkStage stage, List<SlowRelay> relays)
            throws IOException {
        Map<String, Integer> ports = new HashMap<>();
        List<BrokerProcess> brokers = run.installation().brokers();
        for (int i = 0; i < brokers.size(); i++) {
            SlowRelay relay = new SlowRelay(
                    stage.network().self(),
                    brokers.get(i).config().host(),
                    brokers.get(i).config().port(),
                    DELAY);
            relays.add(relay);
            ports.put(Layout.BROKER + (i + 1), relay.port());
        }
        return ports;
    }

    private static void controllersApart(FaultRun run, NetworkStage stage) throws Exception {
        try (BrokerRoles roles = new BrokerRoles(run.installation().config())) {
            while (run.goesOn()) {
                int active = roles.controller();
                String apart = roles.describe(active);
                List<Integer> others = new ArrayList<>(List.of(1, 2, 3));
                others.remove(Integer.valueOf(active));
                Duration length = run.between(LEAST, MOST);
                run.say("%s is apart from brokers %s for %s".formatted(apart, others, FaultRun.text(length)));
                others.forEach(other -> stage.separate(Layout.BROKER + active, Layout.BROKER + other));
                try (BrokerRoles beyond =
                        new BrokerRoles(run.installation().brokers().get(others.getFirst() - 1))) {
                    Duration taken = run.await(ELECTED_WITHIN, () -> beyond.hasController(others));
                    run.expect(taken != null, "another controller within " + FaultRun.text(ELECTED_WITHIN));
                    run.say("another controller after " + (taken == null ? "?" : FaultRun.text(taken)));
                    Thread.sleep(length);
                }
                stage.network().heal();
                run.awaitDecisions(HEALED_WITHIN, "after %s was apart for %s".formatted(apart, FaultRun.text(length)));
                if (run.await(HEALED_WITHIN, roles::areAllInSync) == null) {
                    run.found("broker %d did not catch up".formatted(active));
                }
                Thread.sleep(CALM);
            }
        }
    }
}
