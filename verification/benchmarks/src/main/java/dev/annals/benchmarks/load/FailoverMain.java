package dev.annals.benchmarks.load;

import dev.annals.engine.kafka.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
final class FailoverMain extends Measurement {

    private static final List<String> QUICKSTART_OPTIONS =
            List.of("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final int INSTANCES = 2;
    private static final int VICTIM = 0;
    private static final int SURVIVOR = 1;
    private static final int IN_FLIGHT = 10_000;
    private static final int WAIT_SECONDS = 30;
    private static final int NO_ANSWER = 0;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(WAIT_SECONDS + 5);
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

    public static void main(String[] args) {
        run(new FailoverMain(), args);
    }

    @Override
    void measure() throws Exception {
        for (int round = 1; round <= rounds; round++) {
            round(round);
        }
    }

    private void round(int number) throws Exception {
        Map<String, String> all = new TreeMap<>(Map.of("annals.standby.replicas", "1"));
        all.putAll(settings);
        Population accounts = new Population(0, aggregates, 1);
        try (Installation installation = Installation.start(null, new Topics(""), INSTANCES, QUICKSTART_OPTIONS, all);
                Drivers drivers = new Drivers(installation, 0);
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            Driver topics = drivers.topics(Program.SERVICE);
            topics.drive(Load.counted(CommandKind.OPEN, accounts, 1, IN_FLIGHT));
            installation.awaitMembers(Program.SERVICE.type(), INSTANCES);
            Load load = Load.timed(accounts, IN_FLIGHT, rate, BEFORE, AFTER);
            URI survivor = installation.services().get(SURVIVOR).resolve("/v1/accounts/" + drivers.accountPrefix());
            Map<Integer, Integer> byStatus = new TreeMap<>();
            CompletableFuture<Recorder> overTopics =
                    CompletableFuture.supplyAsync(() -> topics.drive(load), Thread::startVirtualThread);
            CompletableFuture<Recorder> overHttp = CompletableFuture.supplyAsync(
                    () -> drive(client, survivor, accounts, byStatus), Thread::startVirtualThread);
            Thread.sleep(BEFORE);
            installation.killService(VICTIM);
            Figures waits = overTopics.join().figures();
            print(
                    "round %d  longest wait over topics %.1f s (%,d commands), over HTTP at the other instance %.1f s (%s)",
                    number,
                    waits.max() / 1_000,
                    waits.commands(),
                    overHttp.join().figures().max() / 1_000,
                    byStatus);
        } catch (CompletionException e) {
            throw e.getCause() instanceof LoadException cause ? cause : e;
        }
    }

    /**
     * Sends deposits at a fixed rate to one instance, each of which waits for its result as long as may be.
     *
     * @param byStatus gets how many answers of each HTTP status there were to what was due after the kill; 0: the
     *     connection failed
     */
    private Recorder drive(HttpClient client, URI service, Population accounts, Map<Integer, Integer> byStatus) {
        Load load = Load.timed(accounts, 1, httpRate, BEFORE, AFTER);
        Schedule schedule = new Schedule(load, System.nanoTime());
        Recorder recorder = new Recorder(schedule);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long i = 0; schedule.has(i, System.nanoTime()); i++) {
                long due = schedule.await(i);
                HttpRequest request = deposit(URI.create(service + "" + load.account(i)));
                clients.execute(() -> {
                    int status = send(client, request);
                    long answered = System.nanoTime();
                    synchronized (recorder) {
                        recorder.record(due, answered);
                        if (schedule.isMeasured(due)) {
                            byStatus.merge(status, 1, Integer::sum);
                        }
                    }
                });
            }
        }
        return recorder;
    }

    private static HttpRequest deposit(URI account) {
        return HttpRequest.newBuilder(URI.create(account + "/" + CommandKind.DEPOSIT.simpleName()))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .header("Prefer", "wait=" + WAIT_SECONDS)
                .timeout(ANSWER_LIMIT)
                .POST(BodyPublishers.ofString(CommandKind.DEPOSIT.json()))
                .build();
    }

    private static int send(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return NO_ANSWER;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NO_ANSWER;
        }
    }
}
