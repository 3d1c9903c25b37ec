package dev.annals.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sends commands at a fixed rate to one instance, each of which waits for its result as long as may be. Used by one
 * thread.
 */
final class SurvivorClient implements AutoCloseable {

    private static final int WAIT_SECONDS = 30;
    private static final int NO_ANSWER = 0;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(WAIT_SECONDS + 5);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI service;
    private final String accountPrefix;
    private final Population accounts;

    SurvivorClient(URI service, String accountPrefix, Population accounts) {
        this.service = service;
        this.accountPrefix = accountPrefix;
        this.accounts = accounts;
    }

    /**
     * What came of the commands that were due in the measured time.
     *
     * @param longest from when a command was due until its answer
     * @param byStatus how many answers of each HTTP status; 0: the connection failed
     */
    record Answers(Duration longest, Map<Integer, Integer> byStatus) {}

    private record Answer(long due, long answered, int status) {}

    Answers drive(double perSecond, Duration settle, Duration measured) {
        Load load = Load.timed(accounts, 1, perSecond, settle, measured);
        Schedule schedule = new Schedule(load, System.nanoTime());
        List<Future<Answer>> answers = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long i = 0; schedule.has(i, System.nanoTime()); i++) {
                long due = schedule.await(i);
                HttpRequest request = deposit(load.account(i));
                answers.add(clients.submit(() -> send(request, due)));
            }
        }
        return summary(schedule, answers.stream().map(Future::resultNow).toList());
    }

    private HttpRequest deposit(int account) {
        return HttpRequest.newBuilder(service.resolve(
                        "/v1/accounts/" + accountPrefix + account + "/" + CommandKind.DEPOSIT.simpleName()))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .header("Prefer", "wait=" + WAIT_SECONDS)
                .timeout(ANSWER_LIMIT)
                .POST(BodyPublishers.ofString(CommandKind.DEPOSIT.json()))
                .build();
    }

    private Answer send(HttpRequest request, long due) throws InterruptedException {
        int status;
        try {
            status = client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            status = NO_ANSWER;
        }
        return new Answer(due, System.nanoTime(), status);
    }

    private static Answers summary(Schedule schedule, List<Answer> all) {
        long longest = 0;
        Map<Integer, Integer> byStatus = new TreeMap<>();
        for (Answer answer : all) {
            if (schedule.isMeasured(answer.due)) {
                longest = Math.max(longest, answer.answered - answer.due);
                byStatus.merge(answer.status, 1, Integer::sum);
            }
        }
        return new Answers(Duration.ofNanos(longest), byStatus);
    }

    @Override
    public void close() {
        client.close();
    }
}
