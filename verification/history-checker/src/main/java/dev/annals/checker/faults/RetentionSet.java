package dev.annals.checker.faults;

import dev.annals.checker.cluster.Layout;
import java.time.Duration;
import org.apache.kafka.common.config.TopicConfig;

/** Somebody has events deleted by their age, and takes it back. */
final class RetentionSet {

    private static final Duration RED_WITHIN = Duration.ofSeconds(60);
    private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(60);
    private static final Duration DECIDED_WITHIN = Duration.ofSeconds(15);

    private RetentionSet() {}

    static FaultScenario scenario() {
        return new LoopbackFault(
                "retention-set",
                "cleanup.policy=delete is set on the events of a type while services run: each service is not ready within a"
                        + " minute and says why, and is ready again within a minute of its mending",
                Layout.of(2).withReaders(1, 1),
                RetentionSet::disturb);
    }

    private static void disturb(FaultRun run) throws Exception {
        try (TopicChanges topics = new TopicChanges(run.installation().config())) {
            while (run.goesOn()) {
                run.pause(Duration.ofSeconds(1), Duration.ofSeconds(15));
                String events = topics.events(run.random());
                topics.set(events, TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
                run.say("%s is deleted by age".formatted(events));
                for (String service : run.installation().services()) {
                    run.awaitNotReady(service, RED_WITHIN, "topic %s has cleanup.policy=delete".formatted(events));
                }
                run.awaitDecisions(DECIDED_WITHIN, "events are deleted by age");
                topics.set(events, TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
                run.awaitReady(RECOVERED_WITHIN, "events are compacted again");
            }
        }
    }
}
