package dev.annals.checker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.accounts.AccountEvent.TransferCompleted;
import dev.annals.accounts.AccountEvent.TransferRefunded;
import dev.annals.checker.check.Rule;
import dev.annals.checker.history.Call;
import dev.annals.checker.mutant.Mutant;
import dev.annals.checker.nemesis.Disturbance;
import dev.annals.checker.workload.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs the checker on the real command service, under faults, and on each mutant, without. */
@Tag("heavy")
final class CheckerE2E {

    private static final long SEED = 20_261_122;

    /** Of one that restarts and kills a process service early. */
    private static final long TRANSFERS_SEED = 20_261_201;

    private static final Duration UNDISTURBED = Duration.ofSeconds(15);

    /** Enough for a few faults. */
    private static final Duration DISTURBED = Duration.ofSeconds(60);

    /** Of one that freezes another instance, so that the embedded engine gets lanes, and then restarts the engine. */
    private static final long GATEWAY_SEED = 13_752;

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void nothing_is_found_while_instances_and_the_broker_are_killed_and_paused() throws Exception {
        Report report = run(new RunOptions(
                Scenario.COMMANDS, SEED, Duration.ofSeconds(75), 3, 24, Disturbance.EVERY_KIND, Variant.PLAIN, null));

        assertThat(report.findings()).as(String.join("\n", report.lines())).isEmpty();
        assertThat(report.faults().kills()).isPositive();
        assertThat(report.history().events()).hasSizeGreaterThan(100);
    }

    /** Two instances ask each other by certificates, and whoever comes again logs in anew. */
    @Test
    void nor_is_anything_with_rights_passwords_tokens_and_certificates() throws Exception {
        Report report = run(new RunOptions(
                Scenario.COMMANDS, SEED, DISTURBED, 2, 24, Disturbance.EVERY_KIND, Variant.SECURED, null));

        assertThat(report.findings()).as(String.join("\n", report.lines())).isEmpty();
        assertThat(report.faults().kills()).isPositive();
        assertThat(report.history().events()).hasSizeGreaterThan(100);
    }

    /** A third of the commands go to an instance in this JVM, which owns lanes, asks others, and is asked by them. */
    @Tag("long")
    @Test
    void nothing_is_found_where_an_embedded_engine_is_called_too() throws Exception {
        Report report = run(new RunOptions(
                Scenario.COMMANDS,
                GATEWAY_SEED,
                Duration.ofSeconds(75),
                2,
                24,
                Disturbance.EVERY_KIND,
                Variant.WITH_GATEWAY,
                null));

        assertThat(report.findings()).as(String.join("\n", report.lines())).isEmpty();
        assertThat(report.history().calls().stream().map(Call::channel)).contains(Call.GATEWAY);
        assertThat(log).as("it was restarted").anyMatch(line -> line.contains("RESTART_INSTANCE 2 "));
        assertThat(log)
                .as("it decided, asked and was asked")
                .anyMatch(
                        line -> line.matches(
                                ".* decided [1-9]\\d* commands of callers and .* answered it [1-9]\\d* times, and it others [1-9].*"));
    }

    @Tag("long")
    @Test
    void no_money_is_lost_or_made_while_process_services_command_services_and_the_broker_are_killed_and_paused()
            throws Exception {
        Report report = run(new RunOptions(
                Scenario.TRANSFERS,
                TRANSFERS_SEED,
                Duration.ofSeconds(75),
                2,
                24,
                Disturbance.EVERY_KIND,
                Variant.PLAIN,
                null));

        assertThat(report.findings()).as(String.join("\n", report.lines())).isEmpty();
        assertThat(log).as("a process service was killed").anyMatch(line -> line.matches(".*KILL_INSTANCE [23] .*"));
        assertThat(report.events(TransferCompleted.class)).isGreaterThan(100);
        assertThat(report.events(TransferRefunded.class)).isGreaterThan(10);
    }

    /** What {@link Mutant#RESTORE_BEFORE_FENCING} is found by. */
    @Tag("long")
    @Test
    void nothing_is_found_while_instances_are_frozen_beyond_their_session_and_wake_up() throws Exception {
        Report report = run(
                new RunOptions(Scenario.COMMANDS, SEED, DISTURBED, 2, 24, Disturbance.ZOMBIES, Variant.PLAIN, null));

        assertThat(report.findings()).as(String.join("\n", report.lines())).isEmpty();
        assertThat(report.faults().zombies()).isGreaterThan(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"DEDUPE_OFF", "SENT_AGAIN"})
    void a_mutant_is_found_within_seconds(Mutant mutant) throws Exception {
        find(mutant);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"DEDUPE_OFF", "SENT_AGAIN"})
    void so_is_every_other_mutant(Mutant mutant) throws Exception {
        find(mutant);
    }

    private void find(Mutant mutant) throws Exception {
        Duration duration = mutant.disturbance() == Disturbance.NONE ? UNDISTURBED : DISTURBED;
        Report report = run(
                new RunOptions(mutant.scenario(), SEED, duration, 2, 24, mutant.disturbance(), Variant.PLAIN, mutant));

        assertThat(report.findings()).extracting("rule").containsAnyElementsOf(wrong(mutant));
    }

    private static Set<Rule> wrong(Mutant mutant) {
        return switch (mutant) {
            case DEDUPE_OFF -> Set.of(Rule.DECIDED_TWICE);
            case VERSION_CHECK_OFF -> Set.of(Rule.EXPECTED_VERSION);
            case STATE_THROUGH_TOPIC -> Set.of(Rule.WRONG_EVENTS);
            case RESTORE_BEFORE_FENCING, UNDONE_AFTER_COMMIT -> Set.of(Rule.EVENT_VERSIONS, Rule.DECIDED_TWICE);
            case FRESH_PROCESS_IDS -> Set.of(Rule.PROCESS_COMMANDS);
            case SENT_AGAIN -> Set.of(Rule.MONEY);
        };
    }

    private Report run(RunOptions options) throws Exception {
        Report report = CheckerRun.in(folder, options, line -> {
            log.add(line);
            System.out.println(line);
        });
        report.lines().forEach(System.out::println);
        return report;
    }
}
