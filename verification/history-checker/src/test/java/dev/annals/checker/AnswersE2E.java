package dev.annals.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.checker.answers.AnswersCheck;
import dev.annals.checker.cluster.Installation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers of three query services over two projectors, while clients that know what they wrote check each one. */
@Tag("heavy")
class AnswersE2E {

    private static final int SEED = 20_261_122;
    private static final int CLIENTS = 8;
    private static final Duration OUTAGE_LIMIT = Duration.ofSeconds(15);

    @Test
    void whoever_is_killed_no_answer_is_wrong_and_none_missing_for_long(@TempDir Path folder) throws TimeoutException {
        try (Installation installation = Installation.start(folder, 2, 3)) {
            AnswersCheck.Outcome outcome = new AnswersCheck(installation, SEED, CLIENTS).killingEach();
            System.out.println(outcome);

            assertThat(outcome.findings()).isEmpty();
            assertThat(outcome.longestOutage()).isLessThan(OUTAGE_LIMIT);
            assertThat(outcome.pairs()).isPositive();
            assertThat(outcome.outages()).hasSize(5);
        }
    }

    @Test
    void whoever_is_killed_or_paused_while_a_generation_takes_over_no_answer_is_wrong(@TempDir Path folder)
            throws TimeoutException {
        try (Installation installation = Installation.start(folder, 2, 3)) {
            AnswersCheck.Outcome outcome = new AnswersCheck(installation, SEED, CLIENTS).takingOver();
            System.out.println(outcome);

            assertThat(outcome.findings()).isEmpty();
            assertThat(outcome.pairs()).isPositive();
            assertThat(outcome.counts().keySet())
                    .filteredOn(what -> what.startsWith("kill ") || what.startsWith("pause "))
                    .hasSize(10)
                    .anyMatch(what -> what.endsWith("in the take-over"));
        }
    }
}
