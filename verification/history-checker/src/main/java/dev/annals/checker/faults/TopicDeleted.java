package dev.annals.checker.faults;

import dev.annals.checker.check.Rule;
import dev.annals.checker.cluster.Layout;
import dev.annals.embedded.JvmProcess;
import dev.annals.embedded.StartFailedException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** The events of a type are deleted, and their topic is made anew, empty. */
final class TopicDeleted {

    private static final String RESTARTED = Layout.COMMAND_SERVICE + 0;
    private static final String WORDS = "is not the one that this installation wrote to";
    private static final Duration RED_WITHIN = Duration.ofSeconds(60);

    /** What results alone can show, without the events. */
    static final Set<Rule> STILL_HELD = Set.of(
            Rule.RESULT_TWICE,
            Rule.RESULT_WITHOUT_CALL,
            Rule.ANSWER_DIFFERS,
            Rule.ANSWER_WITHOUT_RESULT,
            Rule.DECIDED_TWICE,
            Rule.REPLAY_DIFFERS,
            Rule.REUSED_ID,
            Rule.FAILED,
            Rule.REFUSED,
            Rule.UNDER_FAULT);

    private TopicDeleted() {}

    static FaultScenario scenario() {
        return new LoopbackFault(
                "topic-deleted",
                "the event topic of a type is deleted and made anew while services run: each is not ready within a minute and"
                        + " says why, one that is started again refuses likewise, and no command is decided twice",
                Layout.of(2).withReaders(1, 1),
                EnumSet.complementOf(EnumSet.copyOf(STILL_HELD)),
                TopicDeleted::disturb);
    }

    private static void disturb(FaultRun run) throws Exception {
        try (TopicChanges topics = new TopicChanges(run.installation().config())) {
            run.pause(Duration.ofSeconds(10), Duration.ofSeconds(20));
            String events = topics.events(run.random());
            topics.delete(events);
            topics.makeAnew(events);
            run.say("%s is made anew".formatted(events));
            for (String service : run.installation().services()) {
                run.awaitNotReady(service, RED_WITHIN, WORDS);
            }
            startAgain(run);
        }
    }

    private static void startAgain(FaultRun run) {
        JvmProcess service = run.installation().process(RESTARTED);
        service.stop();
        try {
            service.start();
            run.found("%s started on events that are not its own".formatted(RESTARTED));
        } catch (StartFailedException e) {
            run.saw("%s refuses to start: %s".formatted(RESTARTED, e.getMessage()));
            run.expect(String.valueOf(e.getMessage()).contains(WORDS), "the reason, " + WORDS);
        }
    }
}
