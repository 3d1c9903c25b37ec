package dev.annals.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * What people do over HTTP, at a fixed rate: orders, seats, claims, transfers that a process books, wrong commands, and
 * questions of every kind, by readers of live events among others. All ids are new ones, since growth is what is looked
 * for.
 */
final class MixedRequests implements AutoCloseable {

    private static final int IN_FLIGHT = 200;
    private static final int CONFERENCES = 20;
    private static final int KINDS = 10;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(40);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final URI commands;
    private final URI queries;
    private final HttpClient client;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore room = new Semaphore(IN_FLIGHT);
    private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
    private final Thread clock;
    private volatile boolean closing;

    /** @param perSecond of the acts; most of them are several requests */
    MixedRequests(URI commands, URI queries, HttpClient client, double perSecond) {
        this.commands = commands;
        this.queries = queries;
        this.client = client;
        this.clock = Thread.ofPlatform().name("mixed-requests").unstarted(() -> run((long) (SECOND / perSecond)));
    }

    void start() {
        for (int i = 0; i < CONFERENCES; i++) {
            command("seats/soak-%d/OpenConference".formatted(i), "{\"name\":\"Soak\",\"capacity\":1000000}");
        }
        clock.start();
    }

    /** How often each act came to each answer since the last time; the acts that found no room are among them. */
    Map<String, Long> takeAnswers() {
        Map<String, Long> taken = new TreeMap<>();
        answers.forEach((what, count) -> taken.put(what, count.sumThenReset()));
        taken.values().removeIf(count -> count == 0);
        return taken;
    }

    private void run(long pause) {
        long due = System.nanoTime();
        for (long number = 0; !closing; number++) {
            due += pause;
            long wait = due - System.nanoTime();
            if (wait > 0) {
                try {
                    TimeUnit.NANOSECONDS.sleep(wait);
                } catch (InterruptedException e) {
                    return;
                }
            }
            begin(number);
        }
    }

    private void begin(long number) {
        if (!room.tryAcquire()) {
            count("no room");
            return;
        }
        threads.execute(() -> {
            try {
                act(number);
            } finally {
                room.release();
            }
        });
    }

    private void act(long number) {
        String id = Long.toString(number);
        String conference = "soak-" + number % CONFERENCES;
        switch ((int) (number % KINDS)) {
            case 0, 1 -> order("soak-" + id);
            case 2 -> {
                command(
                        "seats/" + conference + "/ReserveSeats",
                        "{\"reservationId\":\"r%s\",\"seats\":1}".formatted(id));
                command("seats/" + conference + "/CancelReservation", "{\"reservationId\":\"r%s\"}".formatted(id));
                get("seats", "seats/" + conference);
            }
            case 3 -> transfer(id);
            case 4 -> command("claims/soak:%s/Claim".formatted(id), "{\"owner\":\"soak\"}");
            case 5 -> {
                command("orders/nobody/PayOrder", "{\"method\":\"card\",\"amount\":\"1\"}");
                command("orders/soak-%s/PlaceOrder".formatted(id), "{\"currency\":7}");
                command("orders/soak-%s/NoSuchCommand".formatted(id), "{}");
            }
            case 6 -> get("orders page", "orders?country=France&limit=20");
            case 7 -> get("views", "views");
            case 8 -> live(conference);
            default ->
                get("nobody", "accounts/nobody-" + ThreadLocalRandom.current().nextInt());
        }
    }

    private void order(String id) {
        command("orders/" + id + "/PlaceOrder", """
                {"currency":"EUR","customerId":"c-%s","country":"France",\
                "lines":[{"sku":"tea","description":"Tea","quantity":2,"unitPrice":"4.5"}]}""".formatted(id));
        command("orders/" + id + "/PayOrder", "{\"method\":\"card\",\"amount\":\"9\"}");
        get("order", "orders/" + id + "?min_version=2&timeout=10");
        get("order's events", "orders/" + id + "/events");
        get("order's state", "orders/" + id + "/state?version=1");
    }

    private void transfer(String id) {
        String from = "soak-from-" + id;
        String to = "soak-to-" + id;
        for (String account : new String[] {from, to}) {
            command("accounts/" + account + "/OpenAccount", "{\"owner\":\"Soak\",\"currency\":\"EUR\"}");
        }
        command("accounts/" + from + "/Deposit", "{\"amount\":\"5\"}");
        command("accounts/" + from + "/SendTransfer", "{\"to\":\"%s\",\"amount\":\"5\"}".formatted(to));
        get("transfer's row", "accounts/" + to + "?min_version=2&timeout=20");
        get("transfer's process", "processes/transfers?limit=5");
    }

    /** Reads what was, and goes away while the answer goes on. */
    private void live(String conference) {
        HttpRequest request = HttpRequest.newBuilder(queries.resolve("/v1/seats/" + conference + "/events"))
                .timeout(ANSWER_LIMIT)
                .header("Accept", "text/event-stream")
                .build();
        try {
            HttpResponse<Stream<String>> response = client.send(request, BodyHandlers.ofLines());
            try (Stream<String> lines = response.body()) {
                boolean read = lines.limit(3).count() == 3;
                count("live " + response.statusCode() + (read ? "" : " cut off"));
            }
        } catch (IOException | InterruptedException e) {
            failed("live", e);
        }
    }

    private void command(String path, String body) {
        send(
                "command",
                HttpRequest.newBuilder(commands.resolve("/v1/" + path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)));
    }

    private void get(String what, String path) {
        send(what, HttpRequest.newBuilder(queries.resolve("/v1/" + path)));
    }

    private void send(String what, HttpRequest.Builder request) {
        try {
            count(what + " "
                    + client.send(request.timeout(ANSWER_LIMIT).build(), BodyHandlers.discarding())
                            .statusCode());
        } catch (IOException | InterruptedException e) {
            failed(what, e);
        }
    }

    private void failed(String what, Exception failure) {
        count(what + " " + failure.getClass().getSimpleName());
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }

    private void count(String what) {
        answers.computeIfAbsent(what, unused -> new LongAdder()).increment();
    }

    @Override
    public void close() {
        closing = true;
        try {
            clock.join(CLOSE_LIMIT);
            threads.shutdown();
            if (!threads.awaitTermination(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
