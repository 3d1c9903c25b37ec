package dev.annals.checker.answers;

import dev.annals.checker.cluster.Installation;
import dev.annals.embedded.JvmProcess;
import dev.annals.service.views.ViewRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeoutException;

/** Replays of a view, each disturbed at the moment when the new generation takes over. For one thread. */
final class TakeOvers {

    private static final String VIEW = "accounts";

    private static final Duration CALM = Duration.ofSeconds(3);

    /** A take-over that is not disturbed takes less than a second. */
    private static final int MAX_DELAY_MILLIS = 600;

    /** Longer than a session of the group lasts. */
    private static final Duration PAUSED = Duration.ofSeconds(9);

    /** One that does not succeed within 30 s is given up, and tried again 30 s later. */
    private static final Duration END_LIMIT = Duration.ofMinutes(2);

    private final Installation installation;
    private final Replays replays;
    private final Journal journal;
    private final Random random;

    TakeOvers(Installation installation, ViewRegistry board, Journal journal, Random random) {
        this.installation = installation;
        this.replays = new Replays(board, VIEW);
        this.journal = journal;
        this.random = random;
    }

    /** What is done to whom. */
    private record Disturbance(String victim, JvmProcess process, boolean pause) {

        @Override
        public String toString() {
            return (pause ? "pause " : "kill ") + victim;
        }
    }

    /** Ends after the first that failed, which is a finding. */
    void disturbing(Map<String, JvmProcess> victims) {
        try {
            for (Disturbance each : disturbances(victims)) {
                Thread.sleep(CALM);
                disturb(each);
            }
        } catch (TimeoutException e) {
            journal.found(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Disturbance> disturbances(Map<String, JvmProcess> victims) {
        List<Disturbance> all = new ArrayList<>();
        victims.forEach((name, process) -> {
            all.add(new Disturbance(name, process, false));
            all.add(new Disturbance(name, process, true));
        });
        return all;
    }

    private void disturb(Disturbance disturbance) throws TimeoutException, InterruptedException {
        int number = replays.begin();
        replays.awaitTakeOver(number); // what is over before it was seen is disturbed right after it
        Thread.sleep(random.nextInt(MAX_DELAY_MILLIS));
        journal.count(
                "%s %s".formatted(disturbance, replays.isTakingOver(number) ? "in the take-over" : "right after it"));
        if (disturbance.pause) {
            disturbance.process.pause();
            Thread.sleep(PAUSED);
            disturbance.process.resume();
            replays.awaitLive(number, END_LIMIT, disturbance.toString());
        } else {
            disturbance.process.kill();
            replays.awaitLive(number, END_LIMIT, disturbance.toString());
            disturbance.process.start();
        }
        installation.awaitReady();
    }
}
