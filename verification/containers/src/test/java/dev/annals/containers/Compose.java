package dev.annals.containers;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Container;
import dev.annals.embedded.FreePorts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;

/**
 * The installation of three brokers that {@code docker-compose.yml} describes, with the images of this build on free
 * ports, and without Prometheus and Grafana, whose images only a registry has.
 *
 * <p>Runs {@code docker compose}, or {@code docker-compose} where there is only that.
 */
final class Compose implements AutoCloseable {

    /** The brokers, then what waits for them. */
    static final List<String> SERVICES = List.of(
            "kafka-1",
            "kafka-2",
            "kafka-3",
            "registry",
            "command-1",
            "command-2",
            "projector",
            "process",
            "query-1",
            "query-2",
            "console");

    /** Of one service: eleven JVMs start at once. */
    static final Duration HEALTHY_LIMIT = Duration.ofMinutes(6);

    private static final Duration ASK_LIMIT = Duration.ofSeconds(20);
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(4);

    /** The variables of the compose file by the service that listens there. */
    private static final Map<String, String> PORTS = Map.ofEntries(
            Map.entry("kafka-1", "KAFKA_PORT"),
            Map.entry("kafka-2", "KAFKA_PORT_2"),
            Map.entry("kafka-3", "KAFKA_PORT_3"),
            Map.entry("registry", "REGISTRY_PORT"),
            Map.entry("command-1", "COMMAND_PORT"),
            Map.entry("command-2", "COMMAND_PORT_2"),
            Map.entry("projector", "PROJECTOR_PORT"),
            Map.entry("process", "PROCESS_PORT"),
            Map.entry("query-1", "QUERY_PORT"),
            Map.entry("query-2", "QUERY_PORT_2"),
            Map.entry("console", "CONSOLE_PORT"));

    private static final List<List<String>> PROGRAMS = List.of(List.of("docker", "compose"), List.of("docker-compose"));

    private final String project;
    private final Map<String, Integer> ports;
    private final List<String> program;
    private final Commands commands;
    private final DockerClient engine = DockerClientFactory.instance().client();

    Compose(String project) {
        this.project = project;
        this.ports = freePorts();
        this.commands = new Commands(environment());
        this.program = program().orElseThrow();
    }

    /** What runs compose files on this machine. */
    static Optional<List<String>> program() {
        Commands here = new Commands(Map.of());
        return PROGRAMS.stream()
                .filter(program -> here.succeeds(
                        ASK_LIMIT,
                        Stream.concat(program.stream(), Stream.of("version")).toArray(String[]::new)))
                .findFirst();
    }

    private static Map<String, Integer> freePorts() {
        List<Integer> free = IntStream.generate(FreePorts::any)
                .distinct()
                .limit(SERVICES.size())
                .boxed()
                .toList();
        Map<String, Integer> ports = new TreeMap<>();
        SERVICES.forEach(service -> ports.put(service, free.get(SERVICES.indexOf(service))));
        return ports;
    }

    /** Stronger than the file of variables. Two partitions and the first compiler: the machine may have two cores. */
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "COMPOSE_PROJECT_NAME",
                project,
                "ANNALS_IMAGE",
                Images.ANNALS,
                "KAFKA_IMAGE",
                Images.KAFKA,
                "REGISTRY_IMAGE",
                Images.REGISTRY,
                "PARTITIONS",
                "2",
                "KAFKA_HEAP",
                "-Xms128m -Xmx384m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
                "SERVICE_JAVA_OPTIONS",
                "-XX:MaxRAMPercentage=50 -XX:TieredStopAtLevel=1"));
        ports.forEach((service, port) -> environment.put(PORTS.get(service), port.toString()));
        return environment;
    }

    /** Starts everything, and returns when every container is healthy. */
    void up() {
        List<String> arguments = new ArrayList<>(List.of("up", "-d"));
        arguments.addAll(SERVICES);
        Commands.Ran ran = start(arguments.toArray(String[]::new)).await(COMMAND_LIMIT);
        assertThat(ran.exitCode()).as(ran.output()).isZero();
        SERVICES.forEach(this::awaitHealthy);
    }

    Commands.Running start(String... arguments) {
        return commands.start(Stream.of(program, List.of("--env-file", "deploy/cluster.env"), List.of(arguments))
                .flatMap(List::stream)
                .toList());
    }

    /** The command line of Annals in a container of its own; its output may be read while it runs. */
    Commands.Running annals(String... arguments) {
        return start(Stream.concat(Stream.of("run", "--rm", "-T", "annals"), Stream.of(arguments))
                .toArray(String[]::new));
    }

    /** {@code http://host:port} on this machine, without a slash. */
    String url(String service) {
        return "http://127.0.0.1:" + ports.get(service);
    }

    String bootstrapServers() {
        return Stream.of("kafka-1", "kafka-2", "kafka-3")
                .map(broker -> "127.0.0.1:" + ports.get(broker))
                .collect(Collectors.joining(","));
    }

    /** As {@code kill -9} does it, which nothing in the container notices. */
    void kill(String service) {
        engine.killContainerCmd(container(service)).exec();
    }

    void startAgain(String service) {
        engine.startContainerCmd(container(service)).exec();
    }

    void awaitHealthy(String service) {
        await(service + " is healthy")
                .atMost(HEALTHY_LIMIT)
                .pollInterval(500, MILLISECONDS)
                .conditionEvaluationListener(null)
                .untilAsserted(() -> assertThat(health(service)).isEqualTo("healthy"));
    }

    private String health(String service) {
        InspectContainerResponse.ContainerState state =
                engine.inspectContainerCmd(container(service)).exec().getState();
        return state.getHealth() == null
                ? String.valueOf(state.getStatus())
                : state.getHealth().getStatus();
    }

    private String container(String service) {
        List<Container> found = engine.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(
                        "com.docker.compose.project", project,
                        "com.docker.compose.service", service,
                        "com.docker.compose.oneoff", "False"))
                .exec();
        assertThat(found).as("containers of %s", service).hasSize(1);
        return found.getFirst().getId();
    }

    /** The last lines of every container. */
    String logs() {
        return start("logs", "--tail", "15").await(COMMAND_LIMIT).output();
    }

    /** Removes the containers, the network and the volumes. */
    @Override
    public void close() {
        start("down", "-v", "--timeout", "5").await(COMMAND_LIMIT);
    }
}
