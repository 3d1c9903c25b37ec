package dev.annals.benchmarks.load;

import dev.annals.seats.ConferenceEvent;
import dev.annals.seats.ConferenceEvent.ConferenceOpened;
import dev.annals.seats.ConferenceEvent.SeatsReserved;
import dev.annals.seats.SeatsDomain;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a command costs on an aggregate whose state is large: conferences with so many reservations, on which one more
 * is made and cancelled, again and again; by one client for the time of an answer, and by many for how many a second.
 */
@Command(name = "large-state", description = "Reserves and cancels on conferences with many reservations, in one run.")
final class LargeStateMain extends Measurement {

    private static final int CAPACITY = 1_000_000;
    private static final int WARM_UP = 300;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    @Option(names = "--reservations", split = ",", description = "How many stand, in each conference.")
    private int[] sizes = {10, 1_000, 10_000};

    @Option(names = "--pairs", description = "Of a reservation and its cancellation, for each conference and way.")
    private int pairs = 500;

    @Option(names = "--clients", description = "At once, where it is counted how many a second.")
    private int clients = 32;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public static void main(String[] args) {
        run(new LargeStateMain(), args);
    }

    @Override
    void measure() throws Exception {
        try (Installation installation = Installation.start()) {
            installation.provision();
            append(installation);
            URI service = installation.startReader("commands", "dev.annals.command.CommandService", Map.of());
            pairs(service, sizes[0], "warm-up", WARM_UP);
            for (int size : sizes) {
                long[] nanos = pairs(service, size, "one", pairs);
                Arrays.sort(nanos);
                print(
                        "%,7d reservations: one client, median %.1f ms, p99 %.1f ms; %d clients, %,.0f commands/s",
                        size,
                        nanos[nanos.length / 2] / 1e6,
                        nanos[nanos.length * 99 / 100] / 1e6,
                        clients,
                        commandsASecond(service, size));
            }
        }
    }

    private void append(Installation installation) {
        try (EventAppender<ConferenceEvent> appender =
                new EventAppender<>(installation, new SeatsDomain().aggregate())) {
            for (int size : sizes) {
                appender.append(id(size), 1, new ConferenceOpened("with " + size, CAPACITY));
                for (int i = 1; i <= size; i++) {
                    // As long as a UUID, which is what people take.
                    appender.append(id(size), i + 1, new SeatsReserved("reservation-%024d".formatted(i), 1));
                }
            }
        }
    }

    private static String id(int size) {
        return "conference-" + size;
    }

    private double commandsASecond(URI service, int size) throws InterruptedException, ExecutionException {
        long start = System.nanoTime();
        try (ExecutorService all = Executors.newFixedThreadPool(clients)) {
            List<Future<long[]>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                String name = "client-" + i;
                running.add(all.submit(() -> pairs(service, size, name, Math.max(1, pairs / clients))));
            }
            long commands = 0;
            for (Future<long[]> each : running) {
                commands += each.get().length;
            }
            return commands / ((System.nanoTime() - start) / 1e9);
        }
    }

    /** How long each command took. */
    private long[] pairs(URI service, int size, String name, int count) throws IOException, InterruptedException {
        long[] nanos = new long[2 * count];
        for (int i = 0; i < count; i++) {
            String reservation = name + "-" + i;
            nanos[2 * i] = send(service, size, "ReserveSeats", reservation, ",\"seats\":1");
            nanos[2 * i + 1] = send(service, size, "CancelReservation", reservation, "");
        }
        return nanos;
    }

    private long send(URI service, int size, String command, String reservation, String more)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/v1/seats/%s/%s".formatted(id(size), command)))
                .timeout(ANSWER_LIMIT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"reservationId\":\"%s\"%s}".formatted(reservation, more)))
                .build();
        long start = System.nanoTime();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        long took = System.nanoTime() - start;
        if (response.statusCode() != 200) {
            throw new LoadException("%s: %d %s".formatted(request.uri(), response.statusCode(), response.body()));
        }
        return took;
    }
}
