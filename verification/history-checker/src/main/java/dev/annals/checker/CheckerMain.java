package dev.annals.checker;

import dev.annals.checker.faults.FaultScenario;
import dev.annals.checker.faults.FaultScenarios;
import dev.annals.checker.mutant.Mutant;
import dev.annals.checker.nemesis.Disturbance;
import dev.annals.checker.workload.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line. Exit code 0 without a finding, 1 with one, 2 when the arguments are wrong. */
@Command(
        name = "history-checker",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Sends random commands to command services that are killed and paused, and checks what came of it.",
            "A seed sends the same commands and plans the same faults again; when processes do what is up to them."
        })
final class CheckerMain implements Callable<Integer> {

    private static final int FOUND = 1;
    private static final int MAX_SEED = 1_000_000_000;

    @Option(
            names = "--transfers",
            description = "Money between accounts, with process services, instead of commands of every kind.")
    private boolean transfers;

    @Option(
            names = "--fault",
            paramLabel = "NAME",
            description = {
                "Faults of a real cluster instead: the scenario of this name, or all, one after the other.",
                "They are named below; --instances, --gateway and --secured count for none of them."
            })
    private @Nullable String fault;

    @Option(names = "--seed", description = "Of commands and faults. Default: a random one.")
    private long seed = ThreadLocalRandom.current().nextInt(MAX_SEED);

    @Option(
            names = "--minutes",
            description = "How long commands are sent; fractions are fine. Default: ${DEFAULT-VALUE}.")
    private double minutes = 1;

    @Option(names = "--instances", description = "Of the command service. Default: ${DEFAULT-VALUE}.")
    private int instances = 3;

    @Option(names = "--clients", description = "Commands in flight at most. Default: ${DEFAULT-VALUE}.")
    private int clients = 32;

    @ArgGroup
    private Disturbed disturbed = new Disturbed();

    /** One of them at most. */
    static final class Disturbed {

        @Option(names = "--no-faults", description = "Leave all processes alone.")
        private boolean faultless;

        @Option(
                names = "--zombies",
                description = "Of all faults, only freeze services beyond their session, and have them wake up.")
        private boolean zombies;

        Disturbance disturbance() {
            return faultless ? Disturbance.NONE : zombies ? Disturbance.ZOMBIES : Disturbance.EVERY_KIND;
        }
    }

    @ArgGroup
    private Reached reached = new Reached();

    /** One of them at most. */
    static final class Reached {

        @Option(
                names = "--gateway",
                description = {
                    "Embed an instance of the command engine here, too, and send a third of the commands by its gateway;",
                    "a seed has the same commands with it and without."
                })
        private boolean gateway;

        @Option(
                names = "--secured",
                description = {
                    "Everything is on: users, rights and TLS of Kafka; tokens, a policy and TLS over HTTP;",
                    "instances that know each other by certificates."
                })
        private boolean secured;

        Variant variant() {
            return gateway ? Variant.WITH_GATEWAY : secured ? Variant.SECURED : Variant.PLAIN;
        }
    }

    @Option(
            names = "--mutant",
            description = {
                "A service that is wrong: dedupe-off, version-check-off, state-through-topic or undone-after-commit;",
                "with --zombies: restore-before-fencing; with --transfers: fresh-process-ids or sent-again."
            })
    private @Nullable Mutant mutant;

    @Option(names = "--keep", description = "Keep the data and the logs also without a finding.")
    private boolean keep;

    public static void main(String[] args) {
        CommandLine commands = new CommandLine(new CheckerMain());
        commands.getCommandSpec().usageMessage().footer(scenarios());
        System.exit(commands.execute(args));
    }

    private static String[] scenarios() {
        return Stream.concat(
                        Stream.of("", "Names of --fault, with what is done and expected:"),
                        FaultScenarios.all().stream()
                                .map(each -> "%n  %s: %s".formatted(each.name(), escaped(each.expectation()))))
                .toArray(String[]::new);
    }

    /** Help texts are formats. */
    private static String escaped(String text) {
        return text.replace("%", "%%");
    }

    @Override
    public Integer call() throws Exception {
        RunOptions options = new RunOptions(
                transfers ? Scenario.TRANSFERS : Scenario.COMMANDS,
                seed,
                Duration.ofMillis((long) (minutes * 60_000)),
                instances,
                clients,
                disturbed.disturbance(),
                reached.variant(),
                mutant);
        System.out.println("seed " + seed);
        if (fault == null) {
            return report(folder -> CheckerRun.in(folder, options, System.out::println))
                            .findings()
                            .isEmpty()
                    ? 0
                    : FOUND;
        }
        return underFaults(fault.equals("all") ? FaultScenarios.all() : List.of(FaultScenarios.named(fault)), options)
                ? 0
                : FOUND;
    }

    /** One after the other, also after one that failed; whether nothing was found. */
    private boolean underFaults(List<FaultScenario> scenarios, RunOptions options) {
        List<String> summary = new ArrayList<>();
        boolean clean = true;
        for (FaultScenario each : scenarios) {
            Optional<String> obstacle = each.obstacle();
            String outcome;
            if (obstacle.isPresent()) {
                outcome = "skipped: " + obstacle.get();
            } else {
                System.out.printf("%n%s: %s%n", each.name(), each.expectation());
                try {
                    Report report = report(folder -> CheckerRun.in(folder, each, options, System.out::println));
                    clean &= report.findings().isEmpty();
                    outcome = "%,d commands, %d findings"
                            .formatted(
                                    report.history().calls().size(),
                                    report.findings().size());
                } catch (Exception e) {
                    clean = false;
                    outcome = "failed: " + e;
                }
            }
            summary.add("%-20s seed %d, %.1f minutes: %s".formatted(each.name(), seed, minutes, outcome));
        }
        System.out.println();
        summary.forEach(System.out::println);
        return clean;
    }

    private interface Run {
        Report in(Path folder) throws Exception;
    }

    private Report report(Run run) throws Exception {
        Evidence evidence = Evidence.inNewFolder();
        Report report;
        try {
            report = run.in(evidence.folder());
        } catch (Exception e) {
            System.out.println("the data and the logs are in " + evidence.folder());
            throw e;
        }
        report.lines().forEach(System.out::println);
        settle(report, evidence);
        return report;
    }

    private void settle(Report report, Evidence evidence) throws IOException {
        if (report.findings().isEmpty() && !keep) {
            evidence.delete();
        } else {
            Path written = evidence.write(report);
            System.out.println("the history, the data and the logs are in " + written);
        }
    }
}
