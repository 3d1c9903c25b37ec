package dev.annals.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that pay 1 into an account of their own again and again over HTTP, at one command service and the other in
 * turns; each payment is repeated under its key until it is accepted. What must come of it is known exactly.
 */
final class Depositors implements AutoCloseable {

    private static final int CLIENTS = 4;
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(15);

    /** Of one payment, tries and all: a broker and an instance are away for a while. */
    private static final Duration PAYMENT_LIMIT = Duration.ofMinutes(3);

    private static final Duration STOP_LIMIT = PAYMENT_LIMIT.plusSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final List<String> services;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final AtomicInteger accepted = new AtomicInteger();
    private final Map<String, Future<Integer>> payments = new TreeMap<>();
    private volatile boolean stopped;

    /**
     * Begins to pay.
     *
     * @param services base URLs of the command services
     * @param name of these clients, in the ids of their accounts
     */
    Depositors(List<String> services, String name) {
        this.services = services;
        for (int client = 0; client < CLIENTS; client++) {
            String account = "depositor-%s-%d".formatted(name, client);
            payments.put(account, threads.submit(() -> pay(account)));
        }
    }

    /** How many payments were accepted so far. */
    int accepted() {
        return accepted.get();
    }

    /** Lets each client end its payment; how many were accepted, by account. */
    Map<String, Integer> stop() throws ExecutionException, InterruptedException, TimeoutException {
        stopped = true;
        Map<String, Integer> counts = new TreeMap<>();
        for (Map.Entry<String, Future<Integer>> each : payments.entrySet()) {
            counts.put(each.getKey(), each.getValue().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS));
        }
        return counts;
    }

    private int pay(String account) throws InterruptedException {
        untilAccepted(account, "OpenAccount", "open", "{\"owner\":\"%s\",\"currency\":\"EUR\"}".formatted(account));
        int paid = 0;
        while (!stopped) {
            untilAccepted(account, "Deposit", "payment-" + paid, "{\"amount\":\"1\"}");
            paid++;
            accepted.incrementAndGet();
        }
        return paid;
    }

    private void untilAccepted(String account, String command, String key, String body) throws InterruptedException {
        long end = System.nanoTime() + PAYMENT_LIMIT.toNanos();
        List<String> refused = new ArrayList<>();
        for (int attempt = 0; System.nanoTime() < end; attempt++) {
            String service = services.get(attempt % services.size());
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("%s/v1/accounts/%s/%s".formatted(service, account, command)))
                    .timeout(REQUEST_LIMIT)
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", account + "-" + key)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            try {
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200 || response.statusCode() == 201) {
                    return;
                }
                // Asked for again: accepted but not decided yet, too many in flight, or Kafka is away.
                assertThat(response.statusCode()).as(response.body()).isIn(202, 429, 503);
                refused.add(response.statusCode() + " " + response.body());
            } catch (IOException e) {
                refused.add(e.toString());
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        }
        throw new AssertionError("%s of %s was not accepted within %s: %s"
                .formatted(
                        command,
                        account,
                        PAYMENT_LIMIT,
                        refused.subList(Math.max(0, refused.size() - 3), refused.size())));
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdownNow();
        http.shutdownNow();
    }
}
