package dev.annals.checker.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.api.AggregateType;
import dev.annals.checker.cluster.Installation;
import dev.annals.checker.cluster.Layout;
import dev.annals.checker.cluster.Readiness;
import dev.annals.embedded.Footprint;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.service.Domains;
import dev.annals.service.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/** One run, from an empty folder to the report. */
final class FuzzRun {

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final double MIB = 1024 * 1024;

    /** Of all answers of a service, in percent: one that refuses everything would pass otherwise. */
    private static final double MAX_UNAVAILABLE = 1;

    /** What a heap may grow by however few inputs there were: buffers and caches that fill. */
    private static final long HEAP_SLACK = 8L << 20;

    /** And for each input to the service. */
    private static final long HEAP_FOR_INPUT = 24;

    /** Jetty clears the buffer of an answer whose connection is reset while another thread still writes it. */
    private static final String RACE_OF_JETTY = "IllegalArgumentException: newPosition > limit";

    private static final int THREAD_SLACK = 40;
    private static final int SOCKET_SLACK = 60;

    /** Stores open more files when they hold more, up to a number for each. */
    private static final int FILE_SLACK = 1_000;

    private static final int SERIES_SLACK = 400;

    private final FuzzOptions options;
    private final Consumer<String> log;
    private final Tally tally = new Tally();
    private final List<String> lines = new ArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final @Nullable Tokens tokens;

    private FuzzRun(FuzzOptions options, @Nullable Tokens tokens, Consumer<String> log) {
        this.options = options;
        this.tokens = tokens;
        this.log = log;
    }

    /**
     * Runs and checks.
     *
     * @param folder takes the data of all processes; the caller deletes it
     * @param layout with one instance of each service
     * @param log is told what happens, a line each
     */
    static FuzzReport in(Path folder, Layout layout, FuzzOptions options, Consumer<String> log) throws Exception {
        if (!options.tokens()) {
            return new FuzzRun(options, null, log).run(folder, layout);
        }
        try (Tokens tokens = Tokens.of(folder, options.seed())) {
            return new FuzzRun(options, tokens, log).run(folder, tokens.in(layout));
        }
    }

    /** One instance of each service. */
    static Layout layout() {
        return Layout.of(1).withProcessServices(1).withReaders(1, 1);
    }

    private FuzzReport run(Path folder, Layout layout) throws Exception {
        log.accept("starting %s in %s".formatted(layout.describe(), folder));
        List<AggregateType<?, ?, ?>> types = Domains.load().aggregates();
        try (Installation installation = Installation.start(folder, layout)) {
            Map<Target, URI> addresses = new EnumMap<>(Target.class);
            Map<Target, Long> started = new EnumMap<>(Target.class);
            for (Target each : Target.values()) {
                addresses.put(each, installation.address(each.process()));
                started.put(each, Files.size(log(folder, each)));
            }
            Catalog catalog = Catalog.read(options.routes(), addresses, authorization());
            log.accept("routes %d, commands %d, views %s, processes %s, parameters %s"
                    .formatted(
                            catalog.routes().values().stream()
                                    .mapToInt(List::size)
                                    .sum(),
                            catalog.commands().values().stream()
                                    .mapToInt(Map::size)
                                    .sum(),
                            catalog.views(),
                            catalog.processes(),
                            catalog.parameters()));
            HttpInputs requests = new HttpInputs(
                    options.seed(), catalog, addresses, tokens == null ? List.of() : tokens.authorizations());
            RecordInputs records =
                    RecordInputs.of(options.seed(), installation.config(), types, catalog, Installation.PARTITIONS);
            try (Producer<byte[], byte[]> producer = new KafkaClients(
                                    installation.config().kafka(), START_LIMIT)
                            .producer(Map.of(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"));
                    Probes overHttp = probes(installation, types, producer, "http");
                    Probes overTopics = probes(installation, types, producer, "topic")) {
                HttpFeed http = new HttpFeed(requests, addresses, options.connections(), tally);
                Ledger ledger = new Ledger();
                RecordFeed topics = new RecordFeed(records, producer, ledger, overTopics, tally);
                String only = options.only();
                if (only == null) {
                    feed(installation, addresses, http, topics, overHttp);
                } else {
                    sendAlone(only, http, records, topics);
                }
                lines.add("probes           %s; over topics %s".formatted(overHttp.summary(), overTopics.summary()));
                try {
                    compare(installation, types, ledger);
                } catch (RuntimeException e) { // the rest of the report has taken an hour
                    tally.find("dead letters", "can't be compared: " + e);
                }
            }
            inTheEnd(installation, addresses);
            logs(folder, started);
        }
        client.close();
        lines.addAll(tally.lines());
        return new FuzzReport(lines, tally.findings());
    }

    private Probes probes(
            Installation installation,
            List<AggregateType<?, ?, ?>> types,
            Producer<byte[], byte[]> producer,
            String name) {
        return new Probes(
                installation.config(),
                types,
                Installation.PARTITIONS,
                installation.address(Target.COMMAND.process()),
                installation.address(Target.QUERY.process()),
                authorization(),
                producer,
                name,
                tally);
    }

    private void sendAlone(String which, HttpFeed http, RecordInputs records, RecordFeed topics)
            throws InterruptedException {
        for (String each : which.split(",", -1)) {
            String[] kindAndNumber = each.split(":", 2);
            long number = Long.parseLong(kindAndNumber[1]);
            if (kindAndNumber[0].equals("http")) {
                log.accept(http.sendAlone(number));
            } else {
                RecordInput input = records.make(number);
                log.accept(input.toString());
                topics.send(input);
                topics.await();
            }
        }
    }

    private void feed(
            Installation installation, Map<Target, URI> addresses, HttpFeed http, RecordFeed topics, Probes overHttp)
            throws Exception {
        long begin = System.nanoTime();
        long deadline = begin + options.limit().toNanos();
        long firstRequests = options.requests() * options.warmUp() / 100;
        long firstRecords = options.records() * options.warmUp() / 100;
        both(http, topics, overHttp, 0, firstRequests, 0, firstRecords, deadline);
        Map<Target, Footprint> early = look(installation, addresses, "early");
        Map<Target, Long> before = new EnumMap<>(Target.class);
        for (Target each : Target.values()) {
            before.put(each, tally.inputs(each));
        }
        log.accept("warmed up after %,d ms"
                .formatted(Duration.ofNanos(System.nanoTime() - begin).toMillis()));
        long sent = both(
                http, topics, overHttp, firstRequests, options.requests(), firstRecords, options.records(), deadline);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        lines.add("inputs           %,d in %,d s, %,d a second"
                .formatted(sent, took.toSeconds(), sent * 1_000 / Math.max(1, took.toMillis())));
        Map<Target, Footprint> late = look(installation, addresses, "late");
        for (Target each : Target.values()) {
            grown(each, tally.inputs(each) - before.getOrDefault(each, 0L), early, late);
        }
        if (sent < options.inputs()) {
            lines.add("left out         %,d inputs, since the time was up".formatted(options.inputs() - sent));
        }
    }

    /** @return how many inputs were sent since the start of the run */
    private long both(
            HttpFeed http,
            RecordFeed topics,
            Probes overHttp,
            long fromRequest,
            long toRequest,
            long fromRecord,
            long toRecord,
            long deadline)
            throws Exception {
        CompletableFuture<Long> requests = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return http.send(fromRequest, toRequest, deadline);
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                task -> Thread.ofPlatform().name("fuzz-requests").start(task));
        CompletableFuture<Long> records = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return topics.send(fromRecord, toRecord, deadline);
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                task -> Thread.ofPlatform().name("fuzz-records").start(task));
        CompletableFuture<Void> all = CompletableFuture.allOf(requests, records);
        do {
            overHttp.overHttp();
        } while (!all.isDone());
        return requests.get() + records.get();
    }

    private Map<Target, Footprint> look(Installation installation, Map<Target, URI> addresses, String when)
            throws IOException, InterruptedException {
        Map<Target, Footprint> footprints = new EnumMap<>(Target.class);
        for (Map.Entry<Target, URI> each : addresses.entrySet()) {
            Target target = each.getKey();
            if (!installation.process(target.process()).isRunning()) {
                tally.find("process", "%s has ended".formatted(target.process()));
                continue;
            }
            long pid = installation.process(target.process()).pid();
            Footprint now =
                    Footprint.of(pid, get(each.getValue().resolve("/metrics")).body());
            Files.write(
                    installation.folder().resolve(target.process()).resolve(when + ".histogram"),
                    Footprint.histogram(pid));
            footprints.put(target, now);
            log.accept("%-9s heap %6.1f MiB, RSS %6.1f MiB, threads %3d, sockets %3d, files %4d, series %4d"
                    .formatted(
                            target,
                            now.heap() / MIB,
                            now.resident() / MIB,
                            now.threads(),
                            now.sockets(),
                            now.files(),
                            now.series()));
        }
        return footprints;
    }

    private void grown(Target target, long inputs, Map<Target, Footprint> early, Map<Target, Footprint> late) {
        Footprint first = early.get(target);
        Footprint last = late.get(target);
        if (first == null || last == null) {
            return; // told of as ended
        }
        lines.add(
                "%-16s heap %.1f, then %.1f MiB; RSS %.1f, then %.1f MiB; threads %d, then %d; sockets %d, then %d; files %d, then %d; series %d, then %d; after %,d more inputs"
                        .formatted(
                                target,
                                first.heap() / MIB,
                                last.heap() / MIB,
                                first.resident() / MIB,
                                last.resident() / MIB,
                                first.threads(),
                                last.threads(),
                                first.sockets(),
                                last.sockets(),
                                first.files(),
                                last.files(),
                                first.series(),
                                last.series(),
                                inputs));
        bound(target, "bytes of heap", first.heap(), last.heap(), HEAP_SLACK + inputs * HEAP_FOR_INPUT);
        bound(target, "threads", first.threads(), last.threads(), THREAD_SLACK);
        bound(target, "sockets", first.sockets(), last.sockets(), SOCKET_SLACK);
        bound(target, "open files", first.files(), last.files(), FILE_SLACK);
        bound(target, "series in /metrics", first.series(), last.series(), SERIES_SLACK);
    }

    private void bound(Target target, String what, long first, long last, long growth) {
        if (last - first > growth) {
            tally.find(
                    "memory",
                    "%s: %s grew from %,d to %,d; by %,d at most was expected"
                            .formatted(target, what, first, last, growth));
        }
    }

    private void compare(Installation installation, List<AggregateType<?, ?, ?>> types, Ledger ledger)
            throws TimeoutException {
        Ledger.Outcome outcome = ledger.compare(
                installation.config(), types.stream().map(AggregateType::name).toList());
        outcome.findings().forEach(finding -> tally.find("dead letters", finding));
        lines.add("dead letters     %,d; %,d records had to be, %,d could be"
                .formatted(
                        outcome.buried(),
                        ledger.count(RecordInput.Fate.BURIED),
                        ledger.count(RecordInput.Fate.EITHER)));
    }

    private void inTheEnd(Installation installation, Map<Target, URI> addresses)
            throws IOException, InterruptedException {
        for (Target each : Target.values()) {
            if (!installation.process(each.process()).isRunning()) {
                tally.find("process", "%s has ended".formatted(each.process()));
                continue;
            }
            Readiness readiness = installation.readiness(each.process());
            if (!readiness.isReady()) {
                tally.find("readiness", "%s: %s".formatted(each, readiness));
            }
            long unavailable = tally.answers(each, "503");
            if (unavailable * 100 > tally.answers(each) * MAX_UNAVAILABLE) {
                tally.find(
                        "unavailable",
                        "%s answered 503 %,d times of %,d".formatted(each, unavailable, tally.answers(each)));
            }
        }
        for (Target each : List.of(Target.QUERY, Target.PROJECTOR)) {
            HttpResponse<String> views = get(addresses.get(each) + "/v1/views");
            for (JsonNode stopped : Json.mapper().readTree(views.body()).findValues("stopped")) {
                if (!stopped.isNull() && !stopped.isEmpty()) {
                    tally.find("stopped view", "%s: %s".formatted(each, stopped));
                }
            }
        }
        JsonNode processes = Json.mapper()
                .readTree(get(addresses.get(Target.PROCESS) + "/v1/processes").body());
        for (JsonNode process : processes.path("processes")) {
            if (process.path("parkedHere").asInt() > 0) {
                tally.find("parked", process.toString());
            }
        }
    }

    private static Path log(Path folder, Target target) {
        return folder.resolve(target.process()).resolve("service.log");
    }

    /** @param started how long each log was when everything was ready */
    private void logs(Path folder, Map<Target, Long> started) throws IOException {
        for (Target each : Target.values()) {
            ServiceLogs.Seen seen = ServiceLogs.read(log(folder, each), started.getOrDefault(each, 0L));
            lines.add("log of %-9s %,d bytes".formatted(each, seen.bytes()));
            seen.errors().forEach((what, said) -> {
                String told = "%s, %,d times: %s: %s".formatted(each, said.times(), what, said.first());
                if (said.first().contains(RACE_OF_JETTY)) {
                    lines.add("  known, Jetty's: " + told);
                } else {
                    tally.find("log", told);
                }
            });
            seen.warnings().forEach((what, said) -> lines.add("  warned %,d times: %s".formatted(said.times(), what)));
        }
    }

    /** Of who may do everything. */
    private Map<String, String> authorization() {
        return tokens == null ? Map.of() : tokens.authorization();
    }

    private HttpResponse<String> get(String address) throws IOException, InterruptedException {
        return get(URI.create(address));
    }

    private HttpResponse<String> get(URI address) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(LIMIT);
        authorization().forEach(request::header);
        return client.send(request.build(), BodyHandlers.ofString(UTF_8));
    }
}
