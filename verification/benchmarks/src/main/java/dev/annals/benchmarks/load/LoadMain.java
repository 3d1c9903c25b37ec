package dev.annals.benchmarks.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.annals.engine.kafka.Topics;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the command service against the floor: fails unless every command that was sent had its result. */
@Command(
        name = "load",
        description = {
            "Deposits on bank accounts, through topics and HTTP, against the command service and against a hand-written",
            "consume–transform–produce loop (the floor), in turns on the same broker.",
            "Without --bootstrap it starts a broker, a registry and services of its own in a folder that it removes."
        })
final class LoadMain extends Measurement {

    /** Commands in flight while accounts are opened and filled. */
    private static final int PREPARING_IN_FLIGHT = 5_000;

    private static final int MOST_CONNECTIONS = 1_000;

    /** At a fixed rate; when so many have no result, the next waits, and its latency counts from when it was due. */
    private static final int RATE_IN_FLIGHT = 100_000;

    @Option(names = "--bootstrap", description = "A running installation's broker.")
    private @Nullable String bootstrap;

    @Option(names = "--registry", description = "A running installation's schema registry (URL).")
    private String registry = "http://127.0.0.1:8082/apis/ccompat/v7";

    @Option(names = "--commands-url", split = ",", description = "A running installation's command services.")
    private List<URI> commandUrls = List.of(URI.create("http://127.0.0.1:8080"));

    @Option(names = "--topics-prefix")
    private String prefix = "";

    @Option(names = "--instances", description = "Command services to start.")
    private int instances = 1;

    @Option(names = "--partitions", description = "Of the topics, where they are made.")
    private int partitions = 4;

    @Option(names = "--jvm-options", split = " ", description = "Of floor and service.")
    private List<String> jvmOptions = List.of("-Xms512m", "-Xmx1g", "-XX:+UseSerialGC");

    @Option(
            names = "--service-jvm-options",
            split = " ",
            description = "Of the service alone, e.g. a flight recording.")
    private List<String> serviceJvmOptions = List.of();

    @Option(
            names = "--set",
            description = "A setting of the services that are started, e.g. kafka.commit.interval.ms=10.")
    private Map<String, String> settings = Map.of();

    @Option(names = "--folder", description = "Data and logs; kept. Default: a temporary one.")
    private @Nullable Path folder;

    @Option(names = "--in-flight", split = ",", description = "Closed loops over topics; 0: none.")
    private List<Integer> inFlight = List.of(1, 1_000);

    @Option(names = "--connections", split = ",", description = "Closed loops over HTTP; 0: none.")
    private List<Integer> connections = List.of(1, MOST_CONNECTIONS);

    @Option(names = "--gateway", split = ",", description = "Closed loops over calls in the engine's JVM; 0: none.")
    private List<Integer> gateway = List.of(1, 1_000);

    @Option(names = "--lanes", description = "Of the engine.")
    private int lanes = 2;

    @Option(names = "--rate", split = ",", description = "Fixed rates over topics, commands/s.")
    private List<Double> rates = List.of();

    @Option(names = "--http-rate", split = ",", description = "Fixed rates over HTTP, with the most connections.")
    private List<Double> httpRates = List.of();

    @Option(names = "--aggregates", split = ",", description = "Accounts; several numbers are measured in turns.")
    private List<Integer> aggregates = List.of(10_000);

    @Option(
            names = "--events-per-aggregate",
            split = ",",
            description = "That each account has before anything is measured; several numbers are measured in turns.")
    private List<Integer> eventsPerAggregate = List.of(1);

    @Option(names = "--linger", description = "Of the drivers' producers, in milliseconds.")
    private int linger;

    @Option(names = "--warm-up", description = "Seconds under full load at the start, for each program and way in.")
    private int warmUp = 20;

    @Option(names = "--settle", description = "Seconds before each measurement.")
    private int settle = 2;

    @Option(names = "--seconds", description = "Of each measurement.")
    private int seconds = 10;

    @Option(names = "--rounds")
    private int rounds = 3;

    @Option(names = "--only", description = "FLOOR, SERVICE or ENGINE: leave the others of these out.")
    private @Nullable Program only;

    @Option(
            names = "--secured",
            description = {
                "In turns with them a command service with everything on: SASL_SSL and rights at the broker, TLS,",
                "tokens, a policy and limits over HTTP. Not of a running installation."
            })
    private boolean secured;

    @Option(
            names = "--json",
            description = "One JSON object on the standard output; the rest goes to the standard error.")
    private boolean json;

    private PrintStream out = System.out;

    public static void main(String[] args) {
        run(new LoadMain(), args);
    }

    @Override
    void measure() throws Exception {
        if (json) {
            out = System.err;
        }
        List<Summary.Row> rows = new ArrayList<>();
        try (Installation installation = installation();
                Drivers drivers = new Drivers(installation, linger, partitions, lanes)) {
            if (only == null || only == Program.FLOOR) {
                installation.startFloor(jvmOptions);
            }
            prepare(drivers);
            CpuMeter cpu = installation.cpuMeter();
            for (int round = 1; round <= rounds; round++) {
                for (Scenario scenario : scenarios()) {
                    for (Program program : inTurn(scenario, round)) {
                        rows.add(measure(round, scenario, program, drivers, cpu));
                    }
                }
            }
        }
        print(new Summary(rows));
    }

    private Installation installation() throws IOException {
        Topics topics = new Topics(prefix);
        if (bootstrap != null) {
            if (secured) {
                throw new LoadException("--secured starts a broker of its own: leave --bootstrap out");
            }
            return Installation.running(folder, topics, bootstrap, registry, commandUrls);
        }
        Map<String, String> all = new TreeMap<>();
        all.put("annals.topics.partitions", Integer.toString(partitions));
        all.putAll(settings);
        List<String> options =
                Stream.concat(jvmOptions.stream(), serviceJvmOptions.stream()).toList();
        say("starting in %s: %d partitions, %d command service(s), settings %s, JVM options %s"
                .formatted(folder == null ? "a temporary folder" : folder, partitions, instances, settings, options));
        return secured
                ? Installation.startWithSecured(folder, topics, instances, options, all)
                : Installation.start(folder, topics, instances, options, all);
    }

    /** Of each number of accounts and each number of events one; no account is in two. */
    private List<Population> populations() {
        List<Population> populations = new ArrayList<>();
        int first = 0;
        for (int accounts : aggregates) {
            for (int events : eventsPerAggregate) {
                populations.add(new Population(first, accounts, events));
                first += accounts;
            }
        }
        return populations;
    }

    private List<Scenario> scenarios() {
        return populations().stream()
                .flatMap(population -> scenarios(population).stream())
                .toList();
    }

    private List<Scenario> scenarios(Population on) {
        Stream<Scenario> topics = inFlight.stream().filter(n -> n > 0).map(n -> Scenario.topics(on, n));
        Stream<Scenario> topicRates =
                rates.stream().map(rate -> new Scenario(Scenario.Door.TOPICS, on, RATE_IN_FLIGHT, rate));
        Stream<Scenario> http = connections.stream().filter(n -> n > 0).map(n -> Scenario.http(on, n));
        Stream<Scenario> direct = gateway.stream().filter(n -> n > 0).map(n -> Scenario.gateway(on, n));
        int most = connections.stream()
                .filter(n -> n > 0)
                .max(Comparator.naturalOrder())
                .orElse(MOST_CONNECTIONS);
        Stream<Scenario> ofHttpRates = httpRates.stream().map(rate -> new Scenario(Scenario.Door.HTTP, on, most, rate));
        return Stream.of(topics, topicRates, http, direct, ofHttpRates)
                .flatMap(each -> each)
                .toList();
    }

    /** Of each door: what makes the compilers work most. */
    private List<Scenario> heaviest() {
        Comparator<Scenario> load =
                Comparator.comparing(Scenario::isClosedLoop).thenComparingInt(Scenario::concurrency);
        return Stream.of(Scenario.Door.values())
                .flatMap(door -> scenarios().stream().filter(scenario -> scenario.door() == door).max(load).stream())
                .toList();
    }

    private List<Program> programs(Scenario scenario) {
        return scenario.programs().stream()
                .filter(program -> only == null || program == only || program == Program.SECURED)
                .filter(program -> secured || program != Program.SECURED)
                .toList();
    }

    /** So that neither always comes first. */
    private List<Program> inTurn(Scenario scenario, int round) {
        List<Program> programs = programs(scenario);
        return round % 2 == 1 ? programs : programs.reversed();
    }

    /** Opens and fills the accounts, then loads each program until it is compiled. */
    private void prepare(Drivers drivers) {
        for (Population population : populations()) {
            for (Program program : programs(Scenario.topics(population, 1))) {
                say("opening %s, on the %s".formatted(population.label(), program.label()));
                Driver topics = drivers.topics(program);
                topics.drive(Load.counted(CommandKind.OPEN, population, 1, PREPARING_IN_FLIGHT));
                topics.drive(Load.counted(
                        CommandKind.DEPOSIT, population, population.eventsEach() - 1, PREPARING_IN_FLIGHT));
            }
        }
        for (Scenario scenario : heaviest()) {
            for (Program program : programs(scenario)) {
                Figures figures = drivers.of(scenario, program)
                        .drive(scenario.load(Duration.ZERO, Duration.ofSeconds(warmUp)))
                        .figures();
                say("warm-up  %-24s %-8s %s".formatted(label(scenario), program.label(), figures));
            }
        }
    }

    private Summary.Row measure(int round, Scenario scenario, Program program, Drivers drivers, CpuMeter cpu) {
        CpuMeter.Sample before = cpu.sample();
        Recorder recorder = drivers.of(scenario, program)
                .drive(scenario.load(Duration.ofSeconds(settle), Duration.ofSeconds(seconds)));
        Summary.Row row = new Summary.Row(round, scenario, program, recorder.figures(), cpu.coresSince(before));
        say("round %-2d %-24s %-8s %s  cores: %s"
                .formatted(round, label(scenario), program.label(), row.figures(), cores(row.cores())));
        return row;
    }

    private String label(Scenario scenario) {
        return populations().size() == 1 ? scenario.label() : scenario.fullLabel();
    }

    private static String cores(Map<String, Double> cores) {
        List<String> parts = new ArrayList<>();
        cores.forEach((name, busy) -> parts.add("%s %.2f".formatted(name, busy)));
        return String.join(", ", parts);
    }

    private void print(Summary summary) throws JsonProcessingException {
        for (Summary.Median median : summary.medians()) {
            say("median   %-24s %-8s %s"
                    .formatted(label(median.scenario()), median.program().label(), median.figures()));
        }
        for (Summary.Ratio ratio : summary.ratios()) {
            say("ratio    %-66s %.2f".formatted(ratio.what(), ratio.value()));
        }
        if (json) {
            System.out.println(new ObjectMapper()
                    .writeValueAsString(Map.of(
                            "rounds", summary.rounds(),
                            "medians", summary.medians(),
                            "ratios", summary.ratios())));
        }
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
