package dev.annals.checker;

import dev.annals.accounts.AccountsDomain;
import dev.annals.api.AggregateType;
import dev.annals.checker.check.Finding;
import dev.annals.checker.check.HistoryCheck;
import dev.annals.checker.check.Rule;
import dev.annals.checker.cluster.Installation;
import dev.annals.checker.cluster.Installation.Program;
import dev.annals.checker.history.History;
import dev.annals.checker.history.History.Sighting;
import dev.annals.checker.mutant.Mutant;
import dev.annals.checker.mutant.MutantService;
import dev.annals.checker.nemesis.FaultCounts;
import dev.annals.checker.nemesis.Nemesis;
import dev.annals.checker.workload.Workload;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.orders.OrdersDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run, from an empty folder to the report. */
final class CheckerRun {

    private static final List<AggregateType<?, ?, ?>> TYPES =
            List.of(new AccountsDomain().aggregate(), new OrdersDomain().aggregate());

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
        long start = System.nanoTime();
        Consumer<String> timed = line -> log.accept("%7.1f s  %s"
                .formatted(Duration.ofNanos(System.nanoTime() - start).toMillis() / 1_000.0, line));
        return new CheckerRun(options, timed).run(folder);
    }

    private Report run(Path folder) throws Exception {
        log.accept("starting a broker, a registry and %d instances in %s".formatted(options.instances(), folder));
        List<AggregateBinding<?, ?, ?>> bindings = new ArrayList<>();
        TYPES.forEach(type -> bindings.add(AggregateBinding.of(type)));
        try (Installation cluster = Installation.startCommandServices(folder, options.instances(), program());
                Workload workload = new Workload(
                        options.seed(), options.clients(), cluster.addresses(), cluster.config(), bindings)) {
            workload.start();
            FaultCounts faults = disturb(cluster, workload);
            workload.stop();
            log.accept("%,d steps done; waiting for quiet".formatted(workload.steps()));
            TopicLogs logs = new TopicLogs(cluster.config(), bindings);
            History history = settle(cluster, workload, logs);
            log.accept("checking");
            findings.addAll(HistoryCheck.of(history, TYPES, Installation.PARTITIONS));
            return new Report(options, history, faults, findings);
        }
    }

    private @Nullable Program program() {
        Mutant mutant = options.mutant();
        return mutant == null
                ? null
                : new Program(MutantService.class.getName(), mutant.jvmOptions(), mutant.settings());
    }

    private FaultCounts disturb(Installation cluster, Workload workload) throws InterruptedException {
        if (!options.faults()) {
            Thread.sleep(options.duration());
            return FaultCounts.none();
        }
        Nemesis nemesis = new Nemesis(options.seed(), cluster, workload::cutConnections, log);
        nemesis.start();
        Thread.sleep(options.duration());
        FaultCounts faults = nemesis.stop();
        nemesis.failure()
                .ifPresent(failure -> findings.add(new Finding(Rule.NOT_RECOVERED, "a process", failure.toString())));
        return faults;
    }

    private History settle(Installation cluster, Workload workload, TopicLogs logs) throws Exception {
        List<Sighting> sightings = List.of();
        try {
            cluster.awaitReady();
            FinalProbes probes = new FinalProbes(workload, logs);
            sightings = probes.run();
            findings.addAll(probes.findings());
        } catch (TimeoutException e) {
            findings.add(new Finding(Rule.NOT_RECOVERED, "the installation", String.valueOf(e.getMessage())));
        }
        return new History(workload.calls(), logs.events(), logs.results(), sightings);
    }
}
