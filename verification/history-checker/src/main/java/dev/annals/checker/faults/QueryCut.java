package dev.annals.checker.faults;

import dev.annals.checker.answers.AnswersCheck;
import dev.annals.checker.answers.AnswersCheck.Outcome;
import dev.annals.checker.cluster.Layout;
import java.time.Duration;

/** A query service that can't reach Kafka, while its peers and its clients reach it. */
final class QueryCut {

    private static final String CUT = Layout.QUERY_SERVICE + 0;
    private static final int CLIENTS = 4;
    private static final int MAX_SEED = 1_000_000;

    /** Longer than a session lasts and another takes over. */
    private static final Duration LEAST = Duration.ofSeconds(15);

    private static final Duration MOST = Duration.ofSeconds(30);
    private static final Duration CALM = Duration.ofSeconds(5);
    private static final Duration SAID_WITHIN = Duration.ofSeconds(14);
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private QueryCut() {}

    static FaultScenario scenario() {
        return new NetworkFault(
                "query-cut",
                "one of two query services and the broker don't hear each other, while clients and the other one reach it:"
                        + " it answers nothing that is older than what the other has answered, says so in its readiness"
                        + " within 14 s, and is ready again within 60 s of the end",
                Layout.of(1).withReaders(1, 2),
                QueryCut::cut);
    }

    private static void cut(FaultRun run, NetworkStage stage) {
        AnswersCheck answers = new AnswersCheck(run.installation(), run.random().nextInt(MAX_SEED), CLIENTS);
        run.othersSendTo(answers.idPrefix());
        Outcome outcome = answers.during(() -> {
            try {
                cutAgainAndAgain(run, stage);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        run.saw("%,d writes read back; %s".formatted(outcome.pairs(), outcome.counts()));
        outcome.findings().forEach(run::found);
        run.expect(outcome.pairs() > 0, "writes that are read back");
    }

    private static void cutAgainAndAgain(FaultRun run, NetworkStage stage) throws InterruptedException {
        while (run.goesOn()) {
            Thread.sleep(CALM);
            Duration length = run.between(LEAST, MOST);
            run.say("%s is cut off from the broker for %s".formatted(CUT, FaultRun.text(length)));
            stage.separate(CUT, Layout.BROKER + 1);
            run.awaitNotReady(CUT, SAID_WITHIN, "Kafka answers other instances");
            Thread.sleep(length);
            stage.network().heal();
            run.awaitReady(READY_WITHIN, "after %s was cut off for %s".formatted(CUT, FaultRun.text(length)));
        }
    }
}
