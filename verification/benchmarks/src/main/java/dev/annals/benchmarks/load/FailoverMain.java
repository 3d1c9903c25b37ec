package dev.annals.benchmarks.load;

import dev.annals.engine.kafka.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long commands wait when one of two command services is killed: both run with a standby of each other's stores, on
 * the settings and the JVM options that {@code ./annals up} gives a command service.
 *
 * <p>Commands come at a fixed rate, spread over all partitions, so some are sent the moment after the kill: the longest
 * time from when one was due until its result is how long a partition accepted nothing.
 */
@Command(
        name = "failover",
        description = "Kills one of two command services under load, and says how long commands waited.")
final class FailoverMain implements Callable<Integer> {

    private static final List<String> QUICKSTART_OPTIONS =
            List.of("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final int INSTANCES = 2;
    private static final int VICTIM = 0;
    private static final int SURVIVOR = 1;
    private static final int IN_FLIGHT = 10_000;
    private static final Duration BEFORE = Duration.ofSeconds(10);
    private static final Duration AFTER = Duration.ofSeconds(25);

    @Option(names = "--rounds", description = "Each with an installation of its own.")
    private int rounds = 3;

    @Option(names = "--rate", description = "Commands/s over topics.")
    private double rate = 200;

    @Option(names = "--http-rate", description = "Commands/s over HTTP, to the instance that lives on.")
    private double httpRate = 40;

    @Option(names = "--aggregates", description = "Accounts, opened before.")
    private int aggregates = 10_000;

    @Option(names = "--set", description = "A setting of the services, e.g. annals.standby.replicas=0.")
    private Map<String, String> settings = Map.of();

    @Option(names = "--registry-home", description = "The unpacked registry; default: the one that the build unpacks.")
    private @Nullable Path registryHome;

    public static void main(String[] args) {
        LoadMain.run(new CommandLine(new FailoverMain()), args);
    }

    @Override
    public Integer call() throws IOException {
        for (int round = 1; round <= rounds; round++) {
            Path folder = Files.createTempDirectory("annals-failover");
            try {
                print(round, measure(folder));
            } finally {
                LoadMain.delete(folder);
            }
        }
        return 0;
    }

    /** Of the commands that were due after the kill. */
    private record Waits(Figures topics, SurvivorClient.Answers http) {}

    private static void print(int round, Waits waits) {
        System.out.printf(
                Locale.ROOT,
                "round %d  longest wait over topics %.1f s (%,d commands), over HTTP at the other instance %.1f s (%s)%n",
                round,
                waits.topics.max() / 1_000,
                waits.topics.commands(),
                waits.http.longest().toMillis() / 1_000.0,
                waits.http.byStatus());
    }

    private Waits measure(Path folder) {
        Map<String, String> all = new TreeMap<>(Map.of("annals.standby.replicas", "1"));
        all.putAll(settings);
        Population accounts = new Population(0, aggregates, 1);
        Path registry = LoadMain.registryHome(registryHome);
        try (Installation installation =
                        Installation.start(folder, new Topics(""), registry, INSTANCES, QUICKSTART_OPTIONS, all);
                Drivers drivers = new Drivers(installation, 0);
                SurvivorClient http =
                        new SurvivorClient(installation.services().get(SURVIVOR), drivers.accountPrefix(), accounts)) {
            Driver topics = drivers.topics(Program.SERVICE);
            topics.drive(Load.counted(CommandKind.OPEN, accounts, 1, IN_FLIGHT));
            installation.awaitMembers(Program.SERVICE.type(), INSTANCES);
            Load load = Load.timed(accounts, IN_FLIGHT, rate, BEFORE, AFTER);
            CompletableFuture<Recorder> overTopics =
                    CompletableFuture.supplyAsync(() -> topics.drive(load), Thread::startVirtualThread);
            CompletableFuture<SurvivorClient.Answers> overHttp = CompletableFuture.supplyAsync(
                    () -> http.drive(httpRate, BEFORE, AFTER), Thread::startVirtualThread);
            sleep(BEFORE);
            installation.killService(VICTIM);
            return new Waits(overTopics.join().figures(), overHttp.join());
        } catch (CompletionException e) {
            throw e.getCause() instanceof LoadException cause ? cause : e;
        }
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted", e);
        }
    }
}
