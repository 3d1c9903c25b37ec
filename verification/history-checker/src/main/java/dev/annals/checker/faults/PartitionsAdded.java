package dev.annals.checker.faults;

import dev.annals.checker.check.Rule;
import dev.annals.checker.cluster.Layout;
import java.time.Duration;
import java.util.Set;

/** Partitions are added to commands and to events. */
final class PartitionsAdded {

    private static final Duration RED_WITHIN = Duration.ofSeconds(60);

    private PartitionsAdded() {}

    static FaultScenario scenario() {
        return new LoopbackFault(
                "partitions-added",
                "a partition is added to the commands of a type, and to the events of one, while services run: each is not"
                        + " ready within a minute and says why; what is decided is decided once, in one history",
                Layout.of(2).withReaders(1, 1),
                Set.of(
                        Rule.LOST_COMMAND,
                        Rule.NOT_RECOVERED), // nobody reads what senders put into a partition that is new
                PartitionsAdded::disturb);
    }

    private static void disturb(FaultRun run) throws Exception {
        try (TopicChanges topics = new TopicChanges(run.installation().config())) {
            grow(run, topics, topics.events(run.random()));
            grow(run, topics, topics.commands(run.random()));
        }
    }

    private static void grow(FaultRun run, TopicChanges topics, String topic) throws Exception {
        run.pause(Duration.ofSeconds(5), Duration.ofSeconds(15));
        topics.grow(topic);
        run.say("%s has one partition more".formatted(topic));
        for (String service : run.installation().services()) {
            run.awaitNotReady(service, RED_WITHIN, "topic %s has 5 partitions".formatted(topic));
        }
    }
}
