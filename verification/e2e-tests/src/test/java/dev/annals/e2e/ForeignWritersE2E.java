package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.e2e.Installation.Ran;
import dev.annals.serde.registry.SchemaRegistryClient;
import dev.annals.testsupport.kafka.CommittedRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients whose schemas differ from ours in logical types, on a real registry, which lets all of them pass: what they
 * sent is what is booked, shown, rebuilt, verified and restored. One installation; the tests follow each other.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("long")
final class ForeignWritersE2E {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String OURS = decimal(18, 4);
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path folder;

    private static Installation annals;

    @BeforeAll
    static void an_installation_runs() throws Exception {
        annals = new Installation(folder);
        right(annals.up());
        for (String account : List.of("ada", "bob")) {
            assertThat(annals.post("/v1/accounts/" + account + "/OpenAccount", """
                                    {"owner":"%s","currency":"EUR"}""".formatted(account))
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    @AfterAll
    static void everything_stops() throws Exception {
        annals.stop();
    }

    @Test
    @Order(1)
    void the_latest_schema_of_a_foreign_scale_is_written_with_what_was_decided() throws Exception {
        register("accounts.events-annals.accounts.MoneyDeposited", OURS, decimal(30, 6));
        register("accounts.view.1-annals.views.AccountRow", OURS, decimal(30, 6));
        annals.run("down");
        annals.configure(
                Map.of("ANNALS_KAFKA_AUTO_REGISTER_SCHEMAS", "false", "ANNALS_KAFKA_USE_LATEST_VERSION", "true"));
        right(annals.up());

        assertThat(annals.post("/v1/accounts/bob/Deposit", "{\"amount\":\"12.5\"}")
                        .statusCode())
                .isEqualTo(200);

        assertThat(balance("bob", 2)).isEqualTo("12.5");
        assertThat(json("/v1/accounts/bob/events").at("/items/1/data/amount").asText())
                .isEqualTo("12.5");
        assertThat(json("/v1/accounts/bob/state").at("/state/balance").asText()).isEqualTo("12.5");
        right(annals.run("verify", "accounts"));
    }

    @Test
    @Order(2)
    void a_latest_schema_that_cannot_say_what_is_decided_keeps_the_service_from_starting() throws Exception {
        register("accounts.events-annals.accounts.MoneyWithdrawn", OURS, decimal(18, 2));
        annals.run("down");

        Ran up = annals.up();

        assertThat(up.exitCode()).isNotZero();
        assertThat(up.err()).contains("MoneyWithdrawn.amount: expected bytes decimal(18,2)");
        annals.run("down");
        annals.configure(
                Map.of("ANNALS_KAFKA_AUTO_REGISTER_SCHEMAS", "true", "ANNALS_KAFKA_USE_LATEST_VERSION", "false"));
        right(annals.up());
    }

    @Test
    @Order(3)
    void commands_of_kafkajs_with_schemas_of_its_own_are_booked_as_they_were_meant_or_refused() throws Exception {
        KafkaJs kafkajs = KafkaJs.installed(Files.createDirectory(folder.resolve("kafkajs")));

        Map<String, JsonNode> results = kafkajs.send(annals.kafka(), JSON.readTree("""
                [{"type": "accounts", "id": "ada", "commandId": "cents", "schema":
                   {"type": "record", "name": "Deposit", "namespace": "annals.accounts", "fields": [{"name": "amount",
                     "type": {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 2}}]},
                  "payload": {"amount": {"hex": "02d5"}}},
                 {"type": "accounts", "id": "ada", "commandId": "words", "schema":
                   {"type": "record", "name": "Deposit", "namespace": "annals.accounts", "fields": [
                     {"name": "amount", "type": "string"}]},
                  "payload": {"amount": "3.00"}},
                 {"type": "orders", "id": "o1", "commandId": "millis", "schema":
                   {"type": "record", "name": "PlaceOrder", "namespace": "annals.orders", "fields": [
                     {"name": "currency", "type": "string"},
                     {"name": "placedAt", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}]},
                     {"name": "lines", "type": {"type": "array", "items":
                       {"type": "record", "name": "OrderLine", "fields": [
                         {"name": "sku", "type": "string"}, {"name": "description", "type": "string"},
                         {"name": "quantity", "type": "int"}, {"name": "unitPrice",
                          "type": {"type": "bytes", "logicalType": "decimal", "precision": 30, "scale": 6}}]}}}]},
                  "payload": {"currency": "GBP", "placedAt": 1600000000123, "lines": [
                    {"sku": "A", "description": "a", "quantity": 2, "unitPrice": {"hex": "16e360"}}]}}]
                """));

        assertThat(results.get("cents").path("outcome").asText()).isEqualTo("ACCEPTED");
        assertThat(balance("ada", 2)).isEqualTo("7.25");
        JsonNode refused = results.get("words");
        assertThat(refused.path("outcome").asText()).isEqualTo("FAILED");
        assertThat(refused.path("message").asText())
                .contains("Deposit.amount: expected bytes decimal(18,4), but the writer's schema has string");
        assertThat(deadLetters()).singleElement().asString().contains("Deposit.amount: expected bytes decimal(18,4)");
        assertThat(results.get("millis").path("outcome").asText()).isEqualTo("ACCEPTED");
        JsonNode placed = json("/v1/orders/o1/events").at("/items/0/data");
        assertThat(placed.path("placedAt").asText()).isEqualTo("2020-09-13T12:26:40.123Z");
        assertThat(placed.at("/lines/0/unitPrice").asText()).isEqualTo("1.5");
    }

    @Test
    @Order(4)
    void what_was_written_under_foreign_scales_is_rebuilt_verified_and_restored_as_it_was() throws Exception {
        right(annals.run("replay", "accounts"));
        assertThat(balance("bob", 2)).isEqualTo("12.5");
        JsonNode before = right(annals.run("verify", "accounts", "--json")).json();
        JsonNode backup = right(annals.run("backup", folder.resolve("backup").toString(), "--json"))
                .json();
        annals.stop();

        annals = new Installation(Files.createDirectory(folder.resolve("second")));
        right(annals.up("--kafka-only"));
        right(annals.run("restore", folder.resolve("backup").toString()));
        right(annals.up());

        assertThat(balance("bob", 2)).isEqualTo("12.5");
        JsonNode after = right(annals.run("verify", "accounts", "--json")).json();
        assertThat(after.at("/type/hash")).isEqualTo(before.at("/type/hash"));
        assertThat(backup.toString()).contains(after.at("/type/hash").asText());
        assertThat(annals.post("/v1/accounts/bob/Withdraw", "{\"amount\":\"12.51\"}")
                        .statusCode())
                .as("the state has the amount too")
                .isEqualTo(409);
        assertThat(annals.post("/v1/accounts/bob/Withdraw", "{\"amount\":\"12.5\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    private static String decimal(int precision, int scale) {
        return "\"precision\":%d,\"scale\":%d".formatted(precision, scale);
    }

    private static void register(String subject, String from, String to) {
        try (SchemaRegistryClient registry = SchemaRegistryClient.create(
                Map.of("schema.registry.url", annals.kafka().registryUrl()))) {
            Schema known = registry.latest(subject).schema();
            Schema foreign = new Schema.Parser().parse(known.toString().replace(from, to));
            assertThat(foreign).isNotEqualTo(known);
            registry.register(subject, foreign);
        }
    }

    private static String balance(String account, int version) throws Exception {
        return json("/v1/accounts/%s?min_version=%d&timeout=20".formatted(account, version))
                .path("balance")
                .asText();
    }

    /** As soon as it can be had: a view that is built anew after a start is a 503 at first. */
    private static JsonNode json(String path) {
        return Awaitility.await()
                .atMost(LIMIT)
                .until(() -> annals.get(path), answer -> answer.statusCode() == 200)
                .body()
                .transform(ForeignWritersE2E::parsed);
    }

    private static JsonNode parsed(String body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new AssertionError(body, e);
        }
    }

    private static List<String> deadLetters() {
        return CommittedRecords.toEnd(annals.kafka().bootstrapServers(), "accounts.dead-letters").stream()
                .map(ForeignWritersE2E::message)
                .toList();
    }

    private static String message(ConsumerRecord<byte[], byte[]> letter) {
        return new String(
                letter.headers().lastHeader("annals_dead_letter_message").value(), StandardCharsets.UTF_8);
    }

    private static Ran right(Ran ran) {
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
        return ran;
    }
}
