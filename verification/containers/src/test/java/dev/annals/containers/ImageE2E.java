package dev.annals.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The image as anybody's own tests would use it, with Testcontainers' Kafka; and what an orchestrator relies on: user,
 * health, signals, exit codes.
 */
@Tag("heavy")
class ImageE2E {

    private static final String COMMAND_SERVICE = "dev.annals.command.CommandService";
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);

    /**
     * Of a network of the engine: where it publishes ports; the engine's own setting is for its first network alone.
     */
    private static final String PUBLISHED_ON = "com.docker.network.bridge.host_binding_ipv4";

    private static final String LOOPBACK = "127.0.0.1";

    /** A service closes within 20 s. */
    private static final int STOP_SECONDS = 30;

    private static Network network;
    private static KafkaContainer kafka;
    private static GenericContainer<?> registry;

    @BeforeAll
    static void start() {
        Images.require();
        network = Network.builder()
                .createNetworkCmdModifier(command -> command.withOptions(Map.of(PUBLISHED_ON, LOOPBACK)))
                .build();
        kafka = new KafkaContainer(DockerImageName.parse(Images.KAFKA).asCompatibleSubstituteFor("apache/kafka"))
                .withNetwork(network)
                .withListener("kafka:19092")
                // The stand-in logs less than the public image, for which Testcontainers waits by another line.
                .waitingFor(Wait.forLogMessage(".*Kafka Server started.*", 1).withStartupTimeout(START_LIMIT));
        registry = new GenericContainer<>(Images.REGISTRY)
                .withNetwork(network)
                .withNetworkAliases("registry")
                .withExposedPorts(8080)
                .waitingFor(Wait.forHttp("/apis/ccompat/v7/subjects").withStartupTimeout(START_LIMIT));
        kafka.start();
        registry.start();
    }

    @AfterAll
    static void stop() {
        if (network != null) {
            registry.stop();
            kafka.stop();
            network.close();
        }
    }

    @Test
    void a_service_is_healthy_when_it_decides_commands_and_ends_in_order_on_sigterm() throws Exception {
        try (GenericContainer<?> service = new GenericContainer<>(Images.ANNALS)
                .withNetwork(network)
                .withCommand(COMMAND_SERVICE)
                .withEnv("ANNALS_KAFKA_BOOTSTRAP_SERVERS", "kafka:19092")
                .withEnv("ANNALS_AUTH", "insecure")
                .withEnv("ANNALS_KAFKA_SCHEMA_REGISTRY_URL", "http://registry:8080/apis/ccompat/v7")
                .withExposedPorts(8080)
                .waitingFor(Wait.forHealthcheck().withStartupTimeout(START_LIMIT))) {
            service.start();

            HttpResponse<String> opened = post(
                    "http://127.0.0.1:%d/v1/accounts/ada/OpenAccount".formatted(service.getMappedPort(8080)),
                    "{\"owner\":\"Ada\",\"currency\":\"EUR\"}");
            assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);

            DockerClient engine = DockerClientFactory.instance().client();
            engine.stopContainerCmd(service.getContainerId())
                    .withTimeout(STOP_SECONDS)
                    .exec();
            int exitCode = engine.waitContainerCmd(service.getContainerId())
                    .exec(new WaitContainerResultCallback())
                    .awaitStatusCode(STOP_SECONDS, TimeUnit.SECONDS);
            assertThat(exitCode).as("128 + SIGTERM; a killed one has 137").isEqualTo(143);
            assertThat(service.getLogs()).contains("message=\"stopped\"");
        }
    }

    @Test
    void ports_are_published_on_the_loopback_alone() {
        assertThat(registry.getContainerInfo()
                        .getNetworkSettings()
                        .getPorts()
                        .getBindings()
                        .values())
                .flatMap(List::of)
                .isNotEmpty()
                .extracting(Ports.Binding::getHostIp)
                .containsOnly(LOOPBACK);
    }

    @Test
    void a_service_that_misses_a_setting_ends_and_names_it_and_its_classes_come_from_the_archive() {
        Commands.Ran ran = new Commands(Map.of())
                .run(
                        START_LIMIT,
                        List.of(
                                "docker",
                                "run",
                                "--rm",
                                "--env",
                                "JDK_JAVA_OPTIONS=-Xlog:class+load",
                                "--env",
                                "ANNALS_AUTH=insecure",
                                Images.ANNALS,
                                COMMAND_SERVICE));

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.output()
                        .lines()
                        .filter(line -> line.contains("CommandService") || line.contains("cannot start")))
                .anyMatch(line -> line.contains("kafka.bootstrap.servers is not set"))
                .anyMatch(line -> line.contains(COMMAND_SERVICE + " source: shared objects file"));
    }

    @Test
    void the_image_says_what_it_is_and_is_not_run_by_root() {
        InspectImageResponse image = DockerClientFactory.instance()
                .client()
                .inspectImageCmd(Images.ANNALS)
                .exec();

        assertThat(image.getConfig().getUser()).isEqualTo("10001:10001");
        Map<String, String> labels = image.getConfig().getLabels();
        assertThat(labels).containsEntry("org.opencontainers.image.title", "Annals");
        assertThat(List.of(
                        labels.get("org.opencontainers.image.version"),
                        labels.get("org.opencontainers.image.revision")))
                .doesNotContain("unknown");
    }

    /** A library that is not in it would be one that nobody looks up when a weakness becomes known. */
    @Test
    void the_bill_of_materials_in_the_image_names_every_library_of_the_image() throws Exception {
        JsonNode bill = new JsonMapper().readTree(inImage("/opt/annals/annals.cdx.json"));
        Set<String> named = new TreeSet<>();
        bill.path("components")
                .forEach(each -> named.add(
                        each.path("name").asText() + "-" + each.path("version").asText()));
        Set<String> there;
        try (Stream<Path> jars = Files.list(Path.of("../../tools/cli/target/annals/lib"))) {
            there = jars.map(jar -> jar.getFileName().toString().replaceFirst("\\.jar$", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        // What pages have of others is in the console's jar.
        new JsonMapper()
                .readTree(Files.readString(Path.of("../../tools/supply-chain/vendored.json")))
                .forEach(each -> there.add(
                        each.path("name").asText() + "-" + each.path("version").asText()));

        assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
        there.remove("annals-cli-" + bill.at("/metadata/component/version").asText());
        assertThat(named)
                .contains("kafka-clients-" + AppInfoParser.getVersion())
                .containsExactlyElementsOf(there);
    }

    @Test
    void the_image_has_the_licences_of_its_libraries() throws Exception {
        assertThat(inImage("/opt/annals/THIRD-PARTY.txt")).contains("org.apache.kafka:kafka-clients");
        assertThat(inImage("/opt/annals/LICENSE")).contains("Apache License");
    }

    /** The content of a file, from a container that never runs: there is no shell that could tell. */
    private static String inImage(String path) throws IOException {
        DockerClient engine = DockerClientFactory.instance().client();
        String container = engine.createContainerCmd(Images.ANNALS).exec().getId();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                engine.copyArchiveFromContainerCmd(container, path).exec())) {
            tar.getNextEntry();
            return new String(tar.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            engine.removeContainerCmd(container).exec();
        }
    }

    private static HttpResponse<String> post(String url, String body) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .timeout(REQUEST_LIMIT)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
