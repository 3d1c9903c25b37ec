package dev.annals.benchmarks.load;

import dev.annals.engine.kafka.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long a command service with many aggregates takes from the start of its JVM to its first decisions, after it was
 * killed in the middle of a load. It runs with the JVM options that {@code ./annals up} gives it.
 */
@Command(
        name = "restart",
        description = "Kills a command service with many aggregates, and says when it decides again after its start.")
final class RestartMain extends Measurement {

    private static final int IN_FLIGHT = 10_000;
    private static final Duration LOADED = Duration.ofSeconds(15);
    private static final Duration AFTER_LOAD = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(10);

    /** Accounts that are asked until all of them are answered: enough to have some in every partition. */
    private static final int ASKED = 40;

    @Option(names = "--rounds", description = "Kills, one after the other.")
    private int rounds = 2;

    @Option(names = "--aggregates", description = "Accounts, opened before.")
    private int aggregates = 1_000_000;

    @Option(names = "--rate", description = "Commands/s over topics while it is killed.")
    private double rate = 2_000;

    @Option(names = "--set", description = "A setting of the service, e.g. annals.command.lanes=1.")
    private Map<String, String> settings = Map.of();

    public static void main(String[] args) {
        run(new RestartMain(), args);
    }

    @Override
    void measure() throws Exception {
        Population accounts = new Population(0, aggregates, 1);
        try (Installation installation =
                        Installation.start(null, new Topics(""), 1, Installation.QUICKSTART_OPTIONS, settings);
                Drivers drivers = new Drivers(installation, 0);
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            Driver topics = drivers.topics(Program.SERVICE);
            topics.drive(Load.counted(CommandKind.OPEN, accounts, 1, IN_FLIGHT));
            print("%,d accounts opened", aggregates);
            URI first = installation.services().getFirst().resolve("/v1/accounts/" + drivers.accountPrefix());
            for (int round = 1; round <= rounds; round++) {
                Load load = Load.timed(accounts, IN_FLIGHT, rate, Duration.ZERO, LOADED.plus(AFTER_LOAD));
                CompletableFuture<Recorder> driven =
                        CompletableFuture.supplyAsync(() -> topics.drive(load), Thread::startVirtualThread);
                Thread.sleep(LOADED);
                installation.killService(0); // commands go on coming to the topic
                round(round, installation, client, first);
                Recorder unused = driven.join();
            }
        }
    }

    private static void round(int number, Installation installation, HttpClient client, URI accounts) throws Exception {
        long started = System.nanoTime();
        CompletableFuture<Void> ready =
                CompletableFuture.runAsync(() -> installation.startServiceAgain(0), Thread::startVirtualThread);
        double firstAt = -1;
        for (int account = 0; account < ASKED; account++) {
            HttpRequest deposit = deposit(URI.create(accounts + "" + account));
            await("account %d to be decided".formatted(account), START_LIMIT, PAUSE, () -> isAnswered(client, deposit));
            firstAt = firstAt < 0 ? seconds(started) : firstAt;
        }
        double all = seconds(started);
        ready.join();
        print(
                "round %d  from the start of the JVM to the first decision %.1f s, to those of %d accounts one after the other %.1f s, to ready %.1f s",
                number, firstAt, ASKED, all, seconds(started));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static HttpRequest deposit(URI account) {
        return HttpRequest.newBuilder(URI.create(account + "/" + CommandKind.DEPOSIT.simpleName()))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .timeout(ANSWER_LIMIT)
                .POST(BodyPublishers.ofString(CommandKind.DEPOSIT.json()))
                .build();
    }

    private static boolean isAnswered(HttpClient client, HttpRequest deposit) throws InterruptedException {
        try {
            return client.send(deposit, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
