package dev.annals.checker;

import dev.annals.accounts.AccountEvent.TransferSent;
import dev.annals.api.AggregateType;
import dev.annals.checker.check.Finding;
import dev.annals.checker.check.HistoryCheck;
import dev.annals.checker.check.Rule;
import dev.annals.checker.cluster.EmbeddedEngine;
import dev.annals.checker.cluster.Installation;
import dev.annals.checker.cluster.Installation.Program;
import dev.annals.checker.cluster.Layout;
import dev.annals.checker.faults.FaultRun;
import dev.annals.checker.faults.FaultScenario;
import dev.annals.checker.faults.FaultScenario.Stage;
import dev.annals.checker.history.Call;
import dev.annals.checker.history.History;
import dev.annals.checker.history.History.Sighting;
import dev.annals.checker.history.LoggedEvent;
import dev.annals.checker.history.LoggedStep;
import dev.annals.checker.mutant.Mutant;
import dev.annals.checker.mutant.MutantService;
import dev.annals.checker.nemesis.Disturbance;
import dev.annals.checker.nemesis.FaultCounts;
import dev.annals.checker.nemesis.Nemesis;
import dev.annals.checker.workload.Workload;
import dev.annals.engine.avro.AggregateBinding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run, from an empty folder to the report. */
final class CheckerRun {

    private static final int PROCESS_SERVICES = 2;

    /** Longer than it takes until others do the work of one that was killed, and its transactions are aborted. */
    private static final Duration STANDSTILL = Duration.ofSeconds(40);

    private static final Duration LOOK = Duration.ofSeconds(2);

    private final RunOptions options;
    private final Consumer<String> log;
    private final List<Finding> findings = new ArrayList<>();

    private CheckerRun(RunOptions options, Consumer<String> log) {
        this.options = options;
        this.log = log;
    }

    /**
     * Runs and checks.
     *
     * @param folder takes the data of all processes; the caller deletes it
     * @param log is told what happens, a line each
     */
    static Report in(Path folder, RunOptions options, Consumer<String> log) throws Exception {
        return new CheckerRun(options, timed(log)).run(folder, null, null);
    }

    /**
     * Runs a scenario, and checks.
     *
     * @param options without a mutant; instances and faults are the scenario's
     */
    static Report in(Path folder, FaultScenario scenario, RunOptions options, Consumer<String> log) throws Exception {
        CheckerRun run = new CheckerRun(options, timed(log));
        try (Stage stage = scenario.stage(folder, options.seed())) {
            return run.run(folder, scenario, stage);
        }
    }

    private static Consumer<String> timed(Consumer<String> log) {
        long start = System.nanoTime();
        return line -> log.accept("%7.1f s  %s"
                .formatted(Duration.ofNanos(System.nanoTime() - start).toMillis() / 1_000.0, line));
    }

    /** @param stage of the scenario; both or none */
    private Report run(Path folder, @Nullable FaultScenario scenario, @Nullable Stage stage) throws Exception {
        Layout layout = stage == null ? layout() : stage.layout();
        log.accept("starting %s in %s".formatted(layout.describe(), folder));
        List<AggregateType<?, ?, ?>> types = options.scenario().types();
        List<AggregateBinding<?, ?, ?>> bindings = new ArrayList<>();
        types.forEach(type -> bindings.add(AggregateBinding.of(type)));
        try (Installation cluster = Installation.start(folder, layout);
                EmbeddedEngine embedded = options.variant() == Variant.WITH_GATEWAY && stage == null
                        ? EmbeddedEngine.start(folder.resolve("embedded"), cluster.config(), bindings)
                        : null;
                Workload workload = new Workload(
                        options.scenario(),
                        options.seed(),
                        options.clients(),
                        cluster.addresses(),
                        embedded == null ? null : embedded::gateway,
                        cluster.config(),
                        cluster.principal(),
                        bindings)) {
            FaultRun fault = stage == null
                    ? null
                    : new FaultRun(
                            stage,
                            cluster,
                            workload,
                            options.duration(),
                            options.seed(),
                            options.scenario().types(),
                            log);
            workload.start();
            FaultCounts faults = disturb(cluster, embedded, workload, fault);
            workload.stop();
            log.accept("%,d steps done; waiting for quiet".formatted(workload.steps()));
            TopicLogs logs =
                    new TopicLogs(cluster.config(), bindings, fault == null ? List.of() : fault.prefixesOfOthers());
            Set<Rule> givenUp = stage == null ? Set.of() : stage.givenUp();
            History history = settle(cluster, embedded, workload, logs, !givenUp.contains(Rule.NOT_RECOVERED));
            if (fault != null) {
                fault.afterwards();
                findings.addAll(fault.findings());
            }
            log.accept("checking");
            findings.addAll(HistoryCheck.of(history, types, Installation.PARTITIONS));
            findings.removeIf(finding -> givenUp.contains(finding.rule()));
            return new Report(
                    options,
                    history,
                    faults,
                    scenario == null || fault == null ? null : new Report.UnderFault(scenario.name(), fault.seen()),
                    findings);
        }
    }

    private Layout layout() {
        Layout plain = Layout.of(options.instances());
        Layout layout = options.variant() == Variant.SECURED ? plain.withProtection() : plain;
        Mutant mutant = options.mutant();
        Program wrong = mutant == null
                ? null
                : new Program(MutantService.class.getName(), mutant.jvmOptions(), mutant.settings());
        return switch (options.scenario()) {
            case COMMANDS -> wrong == null ? layout : layout.withCommandProgram(wrong);
            case TRANSFERS -> {
                Layout withProcesses = layout.withProcessServices(PROCESS_SERVICES);
                yield wrong == null ? withProcesses : withProcesses.withProcessProgram(wrong);
            }
        };
    }

    private FaultCounts disturb(
            Installation cluster, @Nullable EmbeddedEngine embedded, Workload workload, @Nullable FaultRun fault)
            throws Exception {
        if (fault != null) {
            fault.run();
            return FaultCounts.none();
        }
        if (options.faults() == Disturbance.NONE) {
            Thread.sleep(options.duration());
            return FaultCounts.none();
        }
        Nemesis nemesis =
                new Nemesis(options.seed(), options.faults(), cluster, embedded, workload::cutConnections, log);
        nemesis.start();
        Thread.sleep(options.duration());
        FaultCounts faults = nemesis.stop();
        nemesis.failure()
                .ifPresent(failure -> findings.add(new Finding(Rule.NOT_RECOVERED, "a process", failure.toString())));
        return faults;
    }

    /** @param recovers whether everything becomes ready */
    private History settle(
            Installation cluster,
            @Nullable EmbeddedEngine embedded,
            Workload workload,
            TopicLogs logs,
            boolean recovers)
            throws Exception {
        List<Sighting> sightings = List.of();
        if (recovers) {
            sightings = probe(cluster, embedded, workload, logs);
        }
        List<Call> ofProcesses = logs.commandsOfProcesses();
        List<Call> calls = new ArrayList<>(workload.calls());
        calls.addAll(ofProcesses);
        return new History(calls, logs.events(), logs.results(ofProcesses), sightings, journal(logs));
    }

    private List<Sighting> probe(
            Installation cluster, @Nullable EmbeddedEngine embedded, Workload workload, TopicLogs logs)
            throws Exception {
        List<Sighting> sightings = List.of();
        try {
            cluster.awaitReady();
            if (embedded != null) {
                embedded.awaitReady();
                log.accept(embedded.describe());
            }
            FinalProbes probes =
                    new FinalProbes(workload, logs, options.scenario().types());
            probes.awaitDecisions();
            awaitEndOfProcesses(logs);
            sightings = probes.run();
            findings.addAll(probes.findings());
        } catch (TimeoutException e) {
            findings.add(new Finding(Rule.NOT_RECOVERED, "the installation", String.valueOf(e.getMessage())));
        }
        return sightings;
    }

    /** Until all transfers have ended, or nothing moves any more. */
    private void awaitEndOfProcesses(TopicLogs logs) throws TimeoutException, InterruptedException {
        if (options.scenario().processes().isEmpty()) {
            return;
        }
        long moved = System.nanoTime();
        int size = 0;
        while (System.nanoTime() - moved < STANDSTILL.toNanos()) {
            List<LoggedEvent> events = logs.events();
            List<LoggedStep> journal = journal(logs);
            long open = events.stream()
                            .filter(each -> each.event() instanceof TransferSent)
                            .count()
                    - journal.stream().filter(LoggedStep::ended).count();
            if (open <= 0) {
                return;
            }
            if (events.size() + journal.size() > size) {
                log.accept("%,d transfers have not ended".formatted(open));
                size = events.size() + journal.size();
                moved = System.nanoTime();
            }
            Thread.sleep(LOOK);
        }
    }

    private List<LoggedStep> journal(TopicLogs logs) throws TimeoutException {
        List<LoggedStep> journal = new ArrayList<>();
        for (String process : options.scenario().processes()) {
            journal.addAll(logs.journal(process));
        }
        return journal;
    }
}
