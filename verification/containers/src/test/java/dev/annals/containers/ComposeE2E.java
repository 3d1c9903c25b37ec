package dev.annals.containers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The compose file with three brokers: the main job through the containers, while one of the brokers and one of the
 * services are killed; and whether dashboard and alerts ask for figures that there are.
 */
@Tag("heavy")
class ComposeE2E {

    private static final Path DEPLOY = Commands.ROOT.resolve("deploy");
    private static final JsonMapper JSON = new JsonMapper();

    private static final Selector DEAD_LETTERS =
            Selector.in("annals_dead_letters_total{type=\"accounts\"}").getFirst();

    private static final Duration IMPORT_LIMIT = Duration.ofMinutes(5);
    private static final Duration VERIFY_LIMIT = Duration.ofMinutes(3);
    private static final Duration GOES_ON_LIMIT = Duration.ofMinutes(2);
    private static final Duration DEAD_LETTER_LIMIT = Duration.ofMinutes(1);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(60);

    private static Compose compose;
    private static HttpClient http;

    @BeforeAll
    static void start() {
        Images.require();
        assumeTrue(Compose.program().isPresent(), "neither docker compose nor docker-compose is installed");
        http = HttpClient.newHttpClient();
        compose = new Compose("annals-test-" + ProcessHandle.current().pid());
        try {
            compose.up();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(compose.logs(), e);
        }
    }

    @AfterAll
    static void stop() {
        if (compose != null) {
            compose.close();
            http.shutdownNow();
        }
    }

    @Test
    void killing_a_broker_and_a_service_during_an_import_loses_and_doubles_nothing() throws Exception {
        importWhileKilling("kafka-2", "command-1");
    }

    /** The import is the same again, so it finds its commands decided. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(
            strings = {"registry", "projector", "process", "query-1", "query-2", "command-2", "kafka-1", "kafka-3"})
    void nor_does_killing_any_other_container(String container) throws Exception {
        importWhileKilling(container);
    }

    private static void importWhileKilling(String... containers) throws Exception {
        Map<String, Integer> paid;
        Commands.Ran imported;
        List<String> services = List.of(compose.url("command-1"), compose.url("command-2"));
        try (Depositors depositors = new Depositors(services, containers[0])) {
            Commands.Running running = compose.annals("import", "online-retail", "--json");
            awaitPayments(depositors, 20);

            for (String each : containers) {
                compose.kill(each);
            }
            awaitPayments(depositors, 20);

            for (String each : containers) {
                compose.startAgain(each);
            }
            imported = running.await(IMPORT_LIMIT);
            for (String each : containers) {
                compose.awaitHealthy(each);
            }
            awaitPayments(depositors, 20);
            paid = depositors.stop();
        }

        assertThat(imported.exitCode()).as(imported.output()).isZero();
        assertThat(imported.output()).contains("\"accepted\":969", "\"invalid-quantity\":67", "\"sameAsInput\":true");
        for (Map.Entry<String, Integer> each : paid.entrySet()) {
            assertBalance("query-1", each.getKey(), each.getValue());
            assertBalance("query-2", each.getKey(), each.getValue());
        }
        assertVerified("orders");
        assertVerified("accounts");
    }

    private static void awaitPayments(Depositors depositors, int more) {
        int before = depositors.accepted();
        await(more + " more payments")
                .atMost(GOES_ON_LIMIT)
                .pollInterval(100, MILLISECONDS)
                .until(() -> depositors.accepted() >= before + more);
    }

    private static void assertBalance(String service, String account, int paid) throws Exception {
        int version = paid + 1; // the account was opened
        JsonNode row = JSON.readTree(get(
                        compose.url(service) + "/v1/accounts/%s?min_version=%d&timeout=30".formatted(account, version),
                        "localhost")
                .body());

        assertThat(row.path("version").asInt())
                .as("%s at %s: %s", account, service, row)
                .isEqualTo(version);
        assertThat(row.path("balance").asText()).isEqualTo(Integer.toString(paid));
    }

    private static void assertVerified(String name) {
        Commands.Ran ran = compose.annals("verify", name).await(VERIFY_LIMIT);
        assertThat(ran.exitCode()).as(ran.output()).isZero();
    }

    @Test
    void dashboard_and_alerts_ask_for_figures_that_the_services_have() throws Exception {
        writeWhatNobodyCanRead();

        await("what can't be read is counted as a dead letter")
                .atMost(DEAD_LETTER_LIMIT)
                .pollInterval(500, MILLISECONDS)
                .until(() -> scrape().stream().filter(DEAD_LETTERS::matches).anyMatch(sample -> sample.value() > 0));
        // Each route is a series from its first request on.
        get(compose.url("query-1") + "/v1/views", "localhost");
        get(compose.url("command-1") + "/v1/commands/nobody-knows-it", "localhost");
        List<Sample> samples = scrape();
        assertThat(dashboard()).as("queries of the dashboard").hasSizeGreaterThan(20);
        assertThat(alerts()).as("alerts").hasSizeGreaterThan(10);
        List<String> missing = new ArrayList<>();
        dashboard().forEach((title, expression) -> missing(title, expression, samples, missing));
        alerts().forEach((title, expression) -> missing(title, expression, samples, missing));
        assertThat(missing).isEmpty();
    }

    private static void missing(String title, String expression, List<Sample> samples, List<String> missing) {
        for (Selector selector : Selector.in(expression)) {
            if (!selector.withoutLabel("status").matchesAny(samples)) { // there need be no errors
                missing.add("%s: nothing has %s in %s".formatted(title, selector.name(), expression));
            }
        }
    }

    /** The targets by their names, as Prometheus asks for them. */
    private static List<Sample> scrape() throws Exception {
        List<Sample> samples = new ArrayList<>();
        for (JsonNode group : new YAMLMapper()
                .readTree(DEPLOY.resolve("prometheus/cluster.yml").toFile())) {
            for (JsonNode target : group.path("targets")) {
                String instance = target.asText();
                Map<String, String> labels = Map.of(
                        "job",
                        "annals",
                        "instance",
                        instance,
                        "service",
                        group.path("labels").path("service").asText());
                HttpResponse<String> page =
                        get(compose.url(instance.substring(0, instance.indexOf(':'))) + "/metrics", instance);
                assertThat(page.statusCode())
                        .as("%s: %s", instance, page.body())
                        .isEqualTo(200);
                samples.addAll(Sample.in(page.body(), labels));
                samples.add(new Sample("up", labels, 1));
            }
        }
        return samples;
    }

    private static Map<String, String> dashboard() throws IOException {
        Map<String, String> expressions = new TreeMap<>();
        for (JsonNode panel : JSON.readTree(
                        DEPLOY.resolve("grafana/dashboards/annals.json").toFile())
                .path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                expressions.put(
                        "panel %s, %s".formatted(panel.path("id"), target.path("refId")),
                        target.path("expr").asText());
            }
        }
        return expressions;
    }

    private static Map<String, String> alerts() throws IOException {
        Map<String, String> expressions = new TreeMap<>();
        JsonNode groups = new YAMLMapper()
                .readTree(DEPLOY.resolve("prometheus/alerts.yml").toFile())
                .path("groups");
        for (JsonNode group : groups) {
            group.path("rules")
                    .forEach(rule -> expressions.put(
                            rule.path("alert").asText(), rule.path("expr").asText()));
        }
        return expressions;
    }

    /** Through the brokers' ports on this machine, as any client of the topics. */
    private static void writeWhatNobodyCanRead() throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", compose.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("accounts.commands", "somebody", "no Avro".getBytes(UTF_8)))
                    .get();
        }
    }

    private static HttpResponse<String> get(String url, String host) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(REQUEST_LIMIT)
                        .header("Host", host)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
