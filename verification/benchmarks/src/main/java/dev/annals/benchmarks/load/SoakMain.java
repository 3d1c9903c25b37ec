package dev.annals.benchmarks.load;

import dev.annals.embedded.Footprint;
import dev.annals.service.Workers;
import dev.annals.service.views.ViewRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What grows with time: a whole installation under steady commands, questions and replays, and what its processes hold,
 * looked at every few minutes. Whether a slope matters is the reader's to say.
 */
@Command(name = "soak", description = "Loads a whole installation for hours and tells what each process holds.")
final class SoakMain extends Measurement {

    private static final String VIEW = "country-sales";
    private static final int IN_FLIGHT = 5_000;
    private static final double MIB = 1024 * 1024;

    @Option(names = "--hours")
    private double hours = 2;

    @Option(names = "--rate", description = "Deposits a second, over topics.")
    private double rate = 500;

    @Option(names = "--mixed-rate", description = "Other acts a second, over HTTP; most are several requests.")
    private double mixedRate = 20;

    @Option(names = "--accounts", description = "That the deposits are for.")
    private int accounts = 10_000;

    @Option(names = "--sample", description = "Minutes between two looks, and two replays of a view.")
    private double sampleMinutes = 5;

    @Option(names = "--folder", description = "Data and logs; kept. Default: a temporary one.")
    private @Nullable Path folder;

    private static final Duration METRICS_LIMIT = Duration.ofMinutes(1);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Sample> samples = new ArrayList<>();

    /** @param hour since the load began */
    private record Sample(double hour, Map<String, Footprint> footprints) {}

    public static void main(String[] args) {
        run(new SoakMain(), args);
    }

    @Override
    void measure() throws Exception {
        Population population = new Population(0, accounts, 1);
        try (Installation installation = Installation.startWhole(folder);
                Drivers drivers = new Drivers(installation, 1);
                MixedRequests mixed = new MixedRequests(
                        installation.url("service-0"), installation.url("query-service"), client, mixedRate);
                ViewRegistry views = new ViewRegistry(installation.config(), new Workers(new SimpleMeterRegistry()))) {
            views.start();
            Driver topics = drivers.topics(Program.SERVICE);
            topics.drive(Load.counted(CommandKind.OPEN, population, 1, IN_FLIGHT));
            mixed.start();
            Duration step = Duration.ofMillis((long) (sampleMinutes * 60_000));
            print("compiling: deposits %s", deposits(topics, population, step));
            mixed.takeAnswers();
            long start = System.nanoTime();
            look(installation, start);
            while (hoursSince(start) < hours) {
                print("%.2f h  deposits %s", hoursSince(start), deposits(topics, population, step));
                print("        over HTTP %s", mixed.takeAnswers());
                Duration replay = Replay.of(VIEW, views); // a generation more, and the one before dropped
                print(
                        "        replay of %s %.1f s; data %,.0f MiB",
                        VIEW, replay.toMillis() / 1e3, size(installation.folder()) / MIB);
                look(installation, start);
            }
            table();
        }
    }

    /** A rate that can't be held is told of, and the load goes on: what is held is looked for, not how fast it goes. */
    private String deposits(Driver topics, Population population, Duration step) {
        try {
            return topics.drive(Load.timed(population, IN_FLIGHT, rate, Duration.ZERO, step))
                    .figures()
                    .toString();
        } catch (LoadException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void look(Installation installation, long start) throws IOException, InterruptedException {
        Map<String, Footprint> footprints = new LinkedHashMap<>();
        for (var each : installation.pids().entrySet()) {
            URI url = installation.findUrl(each.getKey());
            footprints.put(each.getKey(), Footprint.of(each.getValue(), url == null ? "" : metrics(url)));
        }
        samples.add(new Sample(hoursSince(start), footprints));
        footprints.forEach((name, now) -> print(
                "        %-16s heap %6.1f MiB, RSS %6.1f MiB, threads %3d, sockets %3d, files %4d, series %4d",
                name, now.heap() / MIB, now.resident() / MIB, now.threads(), now.sockets(), now.files(), now.series()));
    }

    private String metrics(URI service) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/metrics"))
                .timeout(METRICS_LIMIT)
                .build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    private static double hoursSince(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toMillis() / 3_600_000.0;
    }

    private static long size(Path folder) throws IOException {
        long size = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                size += file.toFile().length(); // 0 where it is gone meanwhile
            }
        } catch (UncheckedIOException e) {
            return size; // a folder that went while it was read
        }
        return size;
    }

    /** At the start, in the middle and at the end, with the slope of all looks. */
    private void table() {
        Sample first = samples.getFirst();
        Sample middle = samples.get(samples.size() / 2);
        Sample last = samples.getLast();
        print("%-16s %-10s %10s %10.2f h %9.2f h %12s", "", "", "start", middle.hour(), last.hour(), "an hour");
        for (String name : first.footprints().keySet()) {
            line(name, "heap MiB", first, middle, last, each -> each.heap() / MIB);
            line(name, "RSS MiB", first, middle, last, each -> each.resident() / MIB);
            line(name, "threads", first, middle, last, Footprint::threads);
            line(name, "sockets", first, middle, last, Footprint::sockets);
            line(name, "files", first, middle, last, Footprint::files);
            line(name, "series", first, middle, last, Footprint::series);
        }
    }

    private void line(
            String name, String what, Sample first, Sample middle, Sample last, ToDoubleFunction<Footprint> figure) {
        ToDoubleFunction<Sample> value = sample ->
                figure.applyAsDouble(Objects.requireNonNull(sample.footprints().get(name)));
        print(
                "%-16s %-10s %10.1f %12.1f %11.1f %+12.2f",
                name,
                what,
                value.applyAsDouble(first),
                value.applyAsDouble(middle),
                value.applyAsDouble(last),
                slope(value));
    }

    /** By least squares. */
    private double slope(ToDoubleFunction<Sample> value) {
        double meanHour = samples.stream().mapToDouble(Sample::hour).average().orElseThrow();
        double mean = samples.stream().mapToDouble(value).average().orElseThrow();
        double above = 0;
        double below = 0;
        for (Sample each : samples) {
            above += (each.hour() - meanHour) * (value.applyAsDouble(each) - mean);
            below += (each.hour() - meanHour) * (each.hour() - meanHour);
        }
        return below == 0 ? 0 : above / below;
    }
}
