package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.e2e.Installation.Ran;
import dev.annals.engine.kafka.EventKey;
import dev.annals.testsupport.kafka.CommittedRecords;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe of {@code docs/second-site.md}: a copy that serves rows, and goes on when the first site is lost. */
@Tag("long")
final class SecondSiteE2E {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final List<String> MIRRORED = List.of("accounts.events", "orders.events");

    @TempDir
    private Path folder;

    private Installation first;
    private Installation second;
    private final List<Runnable> ends = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        first = new Installation(Files.createDirectory(folder.resolve("first")));
        second = new Installation(Files.createDirectory(folder.resolve("second")));
    }

    @AfterEach
    void stop() throws Exception {
        ends.forEach(Runnable::run);
        first.stop();
        second.stop();
    }

    @Test
    void a_copy_serves_the_same_rows_and_takes_over_without_deciding_anything_twice() throws Exception {
        Installation.Running other = second.startUp("--kafka-only");
        succeeded(first.up());
        succeeded(other.await());
        MirrorMaker mirror = MirrorMaker.start(first, second, folder);
        ends.add(mirror::kill);
        business();
        copySchemas();
        awaitCopy(mirror);

        Beside projector = service("projector-service", "dev.annals.projector.ProjectorService", false);
        Beside queries = service("query-service", "dev.annals.query.QueryService", false);
        projector.awaitReady();
        queries.awaitReady();
        assertThat(served(queries))
                .isEqualTo(right(first.run("verify", "country-sales", "--json")).at("/view/served"));

        first.processes().values().forEach(Installation::kill);
        mirror.kill();
        Beside commands = service("command-service", "dev.annals.command.CommandService", true);
        commands.awaitReady();
        takesOver(commands);
        JsonNode verified = right(second.run("verify", "accounts", "--json", "--query-url", url(queries)));
        assertThat(verified.at("/type/right").asBoolean()).isTrue();
        assertThat(verified.at("/type/events").asLong()).isEqualTo(4);
        assertThat(verified.at("/view/equal").asBoolean()).isTrue();
    }

    /** With a transaction that was aborted behind the first deposit: what is in it looks like the second one. */
    private void business() throws Exception {
        send("/v1/accounts/ada/OpenAccount", "{\"owner\":\"Ada\",\"currency\":\"EUR\"}");
        send("/v1/accounts/ada/Deposit", "{\"amount\":\"12.5\"}", "Idempotency-Key", "payday-1");
        abort();
        send("/v1/accounts/ada/Deposit", "{\"amount\":\"1\"}");
        for (String country : List.of("France", "Norway")) {
            send("/v1/orders/%s/PlaceOrder".formatted(country), """
                    {"country":"%s","currency":"GBP",\
                    "lines":[{"sku":"A","description":"a","quantity":1,"unitPrice":"0.5"}]}""".formatted(country));
        }
    }

    private void send(String path, String json, String... headers) throws Exception {
        HttpResponse<String> response = first.post(path, json, headers);
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 201);
    }

    private void abort() throws Exception {
        ConsumerRecord<byte[], byte[]> deposit =
                CommittedRecords.toEnd(first.kafka().bootstrapServers(), "accounts.events").stream()
                        .filter(event -> EventKey.parse(event.key()).version() == 2)
                        .findFirst()
                        .orElseThrow();
        Map<String, Object> settings =
                Map.of("bootstrap.servers", first.kafka().bootstrapServers(), "transactional.id", "aborted");
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(
                            deposit.topic(),
                            deposit.partition(),
                            deposit.timestamp(),
                            new EventKey("ada", 3).toBytes(),
                            deposit.value(),
                            deposit.headers()))
                    .get();
            producer.abortTransaction();
        }
    }

    /** The ids in events are those of the first registry. */
    private void copySchemas() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> exported = http.send(
                    HttpRequest.newBuilder(admin(first, "export"))
                            .header("Accept", "application/zip")
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(exported.statusCode()).isEqualTo(200);
            HttpResponse<String> imported = http.send(
                    HttpRequest.newBuilder(admin(second, "import?requireEmptyRegistry=false"))
                            .header("Content-Type", "application/zip")
                            .header("X-Registry-Preserve-GlobalId", "true")
                            .header("X-Registry-Preserve-ContentId", "true")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(exported.body()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(imported.statusCode()).as(imported.body()).isEqualTo(204);
        }
    }

    private static URI admin(Installation site, String what) {
        return URI.create(
                Objects.requireNonNull(site.kafka().registryUrl()).replace("ccompat/v7", "registry/v3/admin/" + what));
    }

    private void awaitCopy(MirrorMaker mirror) {
        for (String topic : MIRRORED) {
            List<String> wanted = records(first, topic);
            assertThat(wanted).isNotEmpty();
            Awaitility.await("copied, log " + mirror.log())
                    .atMost(LIMIT)
                    .ignoreExceptions() // until the topic is there
                    .untilAsserted(() -> assertThat(records(second, topic)).isEqualTo(wanted));
        }
    }

    /** All that a record has but its offset, those of a partition in their order. */
    private static List<String> records(Installation site, String topic) {
        return CommittedRecords.toEnd(site.kafka().bootstrapServers(), topic).stream()
                .map(record -> "%03d %s %d %s %s"
                        .formatted(
                                record.partition(),
                                new String(record.key(), StandardCharsets.UTF_8),
                                record.timestamp(),
                                Arrays.toString(record.value()),
                                record.headers()))
                .sorted((one, other) -> one.substring(0, 3).compareTo(other.substring(0, 3)))
                .toList();
    }

    /** @param registers whether it may give ids to schemas; while the site is a copy, the first registry gives them */
    private Beside service(String name, String mainClass, boolean registers) throws Exception {
        Beside service = Beside.start(
                second,
                Installation.CURRENT,
                name,
                mainClass,
                folder.resolve("beside"),
                Map.of("kafka.auto.register.schemas", Boolean.toString(registers)));
        ends.add(service::kill);
        return service;
    }

    private static String url(Beside service) {
        return "http://127.0.0.1:" + service.port();
    }

    private JsonNode served(Beside queries) throws Exception {
        return right(second.run("verify", "country-sales", "--json", "--query-url", url(queries)))
                .at("/view/served");
    }

    private void takesOver(Beside commands) throws Exception {
        HttpResponse<String> repeat = second.post(
                commands.port(), "/v1/accounts/ada/Deposit", "{\"amount\":\"12.5\"}", "Idempotency-Key", "payday-1");
        assertThat(repeat.statusCode()).as(repeat.body()).isEqualTo(200);
        assertThat(repeat.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(repeat.body()).contains("\"version\":2");
        HttpResponse<String> next = second.post(commands.port(), "/v1/accounts/ada/Deposit", "{\"amount\":\"2\"}");
        assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
        assertThat(next.body()).contains("\"version\":4");
    }

    private static JsonNode right(Ran ran) {
        succeeded(ran);
        return ran.json();
    }

    private static void succeeded(Ran ran) {
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
    }
}
