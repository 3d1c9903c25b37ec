package dev.annals.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.checker.answers.AnswersCheck;
import dev.annals.checker.cluster.Installation;
import dev.annals.embedded.JvmProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Answers of three query services over two projectors, while clients that know what they wrote check each one. One of
 * each kind is killed or paused; {@code check-answers} does it to all of them.
 */
@Tag("long")
class AnswersE2E {

    private static final int SEED = 20_261_122;
    private static final int CLIENTS = 8;
    private static final Duration OUTAGE_LIMIT = Duration.ofSeconds(15);

    private static Installation installation;

    @BeforeAll
    static void start(@TempDir Path folder) throws TimeoutException {
        installation = Installation.start(folder, 2, 3);
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    private static Map<String, JvmProcess> oneOfEachKind() {
        Map<String, JvmProcess> victims = new LinkedHashMap<>(installation.readers());
        victims.keySet().retainAll(Set.of("query-service-1", "projector-0"));
        assertThat(victims).hasSize(2);
        return victims;
    }

    @Test
    void whoever_is_killed_no_answer_is_wrong_and_none_missing_for_long() {
        AnswersCheck.Outcome outcome = new AnswersCheck(installation, SEED, CLIENTS).killing(oneOfEachKind());
        System.out.println(outcome);

        assertThat(outcome.findings()).isEmpty();
        assertThat(outcome.longestOutage()).isLessThan(OUTAGE_LIMIT);
        assertThat(outcome.pairs()).isPositive();
        assertThat(outcome.outages()).hasSize(2);
    }

    @Test
    void whoever_is_killed_or_paused_while_a_generation_takes_over_no_answer_is_wrong() {
        AnswersCheck.Outcome outcome = new AnswersCheck(installation, SEED + 1, CLIENTS).takingOver(oneOfEachKind());
        System.out.println(outcome);

        assertThat(outcome.findings()).isEmpty();
        assertThat(outcome.pairs()).isPositive();
        assertThat(outcome.counts().keySet())
                .filteredOn(what -> what.startsWith("kill ") || what.startsWith("pause "))
                .hasSize(4)
                .anyMatch(what -> what.endsWith("in the take-over"));
    }
}
