package dev.annals.benchmarks.load;

import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountsDomain;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a state of the past costs: accounts with so many events, of two query services on the same events, one without
 * and one with snapshots. The questions are about random versions, one after the other, each asked of both.
 */
@Command(name = "time-travel", description = "Asks for states of the past, with and without snapshots, in one run.")
final class TimeTravelMain extends Measurement {

    private static final int WARM_UP = 500;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    @Option(names = "--events", split = ",", description = "Lengths of the streams.")
    private int[] lengths = {100, 1_000, 10_000, 100_000};

    @Option(names = "--every", description = "Events between two snapshots.")
    private int every = 1_000;

    @Option(names = "--questions", description = "For each stream, of each service.")
    private int questions = 200;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Random random = new Random(20_261_123);

    public static void main(String[] args) {
        run(new TimeTravelMain(), args);
    }

    @Override
    void measure() throws Exception {
        try (Installation installation = Installation.start()) {
            installation.provision();
            append(installation);
            // A query service is ready when there are views.
            installation.startReader("projector", Installation.PROJECTOR, Map.of());
            URI without = installation.startReader("without", Installation.QUERY_SERVICE, Map.of());
            URI with = installation.startReader(
                    "with", Installation.QUERY_SERVICE, Map.of("annals.query.snapshot.every", Integer.toString(every)));
            ask(List.of(without, with));
        }
    }

    private void append(Installation installation) {
        try (EventAppender<AccountEvent> appender =
                new EventAppender<>(installation, new AccountsDomain().aggregate())) {
            for (int length : lengths) {
                for (int version = 1; version <= length; version++) {
                    appender.append("account-" + length, version, EventAppender.ofAccount(version));
                }
            }
        }
    }

    private void ask(List<URI> services) throws IOException, InterruptedException {
        for (int i = 0; i < WARM_UP; i++) {
            ask(services.get(i % services.size()), lengths[0], 1 + random.nextInt(lengths[0]));
        }
        for (int length : lengths) {
            long[][] nanos = new long[services.size()][questions];
            for (int i = 0; i < questions; i++) {
                int version = 1 + random.nextInt(length);
                for (int service = 0; service < services.size(); service++) {
                    nanos[service][i] = ask(services.get(service), length, version);
                }
            }
            print(
                    "%,7d events: without snapshots %s; one every %,d events %s",
                    length, text(nanos[0]), every, text(nanos[1]));
        }
    }

    private long ask(URI service, int length, int version) throws IOException, InterruptedException {
        URI state = service.resolve("/v1/accounts/account-%d/state?version=%d".formatted(length, version));
        HttpRequest request =
                HttpRequest.newBuilder(state).timeout(ANSWER_LIMIT).build();
        long start = System.nanoTime();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        long took = System.nanoTime() - start;
        if (response.statusCode() != 200 || !response.body().contains("\"version\":" + version)) {
            throw new LoadException("%s: %d %s".formatted(state, response.statusCode(), response.body()));
        }
        return took;
    }

    private static String text(long[] nanos) {
        Arrays.sort(nanos);
        return String.format(
                Locale.ROOT,
                "median %.1f ms, p99 %.1f ms",
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6);
    }
}
