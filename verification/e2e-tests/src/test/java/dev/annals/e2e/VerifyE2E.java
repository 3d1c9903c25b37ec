package dev.annals.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.e2e.Installation.Ran;
import dev.annals.testsupport.kafka.CommittedRecords;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is served equals what the events say, and where it doesn't, it is found. One installation; the tests follow each
 * other.
 */
@Tag("long")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class VerifyE2E {

    /** For the states of all aggregates to be published; each try runs a command. */
    private static final int TRIES = 20;

    private static Installation annals;

    @BeforeAll
    static void the_extract_is_imported(@TempDir Path folder) throws Exception {
        annals = new Installation(folder);
        annals.configure(Map.of("ANNALS_COMMAND_STATES_INTERVAL", "PT1S"));
        Ran up = annals.up();
        assertThat(up.exitCode()).as(up.toString()).isZero();
        assertThat(annals.run("import", "online-retail").exitCode()).isZero();
    }

    @AfterAll
    static void everything_stops() throws Exception {
        annals.stop();
    }

    @Test
    @Order(1)
    void views_of_every_kind_are_as_the_events_say() throws Exception {
        for (String view : new String[] {"orders", "customer-orders", "country-sales"}) {
            Ran verified = annals.run("verify", view, "--json");

            assertThat(verified.exitCode()).as(verified.toString()).isZero();
            JsonNode report = verified.json().path("view");
            assertThat(report.path("equal").asBoolean()).isTrue();
            assertThat(report.path("events").asLong()).isEqualTo(Extract.ACCEPTED);
            assertThat(report.path("served")).isEqualTo(report.path("expected"));
            assertThat(report.path("served").path("rows").asLong()).isPositive();
        }
    }

    @Test
    @Order(2)
    void rows_that_change_while_they_are_compared_are_no_differences() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger placed = new AtomicInteger();
        try (var writer = Executors.newSingleThreadExecutor()) {
            Future<?> writing = writer.submit(() -> {
                while (!stop.get()) {
                    placeOrder("live-" + placed.incrementAndGet());
                }
                return null;
            });
            for (String view : new String[] {"orders", "country-sales"}) {
                int before = placed.get();
                Ran verified = annals.run("verify", view, "--json");
                assertThat(verified.exitCode()).as(verified.toString()).isZero();
                assertThat(placed.get()).as("orders were placed meanwhile").isGreaterThan(before);
            }
            stop.set(true);
            writing.get(1, TimeUnit.MINUTES);
        }
        assertThat(annals.run("verify", "country-sales").exitCode()).isZero();
    }

    private static void placeOrder(String id) throws Exception {
        assertThat(annals.post("/v1/orders/" + id + "/PlaceOrder", """
                                {"country":"France","currency":"GBP",\
                                "lines":[{"sku":"A","description":"a","quantity":1,"unitPrice":"0.5"}]}""").statusCode())
                .isEqualTo(201);
    }

    @Test
    @Order(3)
    void damaged_rows_are_found_with_their_keys_and_fields() throws Exception {
        plant();

        Ran verified = annals.run("verify", "country-sales", "--json");

        assertThat(verified.exitCode()).as(verified.toString()).isEqualTo(1);
        JsonNode report = verified.json().path("view");
        assertThat(report.path("differing").asInt()).isEqualTo(3);
        assertThat(report.path("served").path("hash"))
                .isNotEqualTo(report.path("expected").path("hash"));
        Map<String, JsonNode> differences = new HashMap<>();
        report.path("differences")
                .forEach(each -> differences.put(each.path("key").asText(), each));
        assertThat(differences).containsOnlyKeys("Atlantis", "France", "Germany");
        assertThat(differences.get("Atlantis").path("kind").asText()).isEqualTo("too-many");
        assertThat(differences.get("Germany").path("kind").asText()).isEqualTo("missing");
        JsonNode damaged = differences.get("France").path("fields");
        assertThat(damaged).hasSize(1);
        assertThat(damaged.get(0).path("field").asText()).isEqualTo("orders");
        assertThat(damaged.get(0).path("found").asLong())
                .isEqualTo(damaged.get(0).path("expected").asLong() + 1);
    }

    @Test
    @Order(4)
    void people_read_what_differs() throws Exception {
        Ran verified = annals.run("verify", "country-sales");

        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(verified.out())
                .contains("view country-sales, generation 1: DIFFERENT in 3 rows")
                .contains("France: orders: expected ")
                .contains("Germany: missing")
                .contains("Atlantis: too many");
    }

    @Test
    @Order(5)
    void a_view_that_is_not_there_is_named() throws Exception {
        Ran verified = annals.run("verify", "country-sale");

        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(verified.err()).contains("no view", "country-sale", "country-sales");
    }

    @Test
    @Order(6)
    void a_type_has_whole_streams_and_states_as_the_events_say() throws Exception {
        JsonNode report = verified("orders");
        for (int tries = 0; report.at("/states/unpublished").asLong() > 0; tries++) {
            assertThat(tries).as(report.toString()).isLessThan(TRIES);
            report = verified("orders");
        }
        assertThat(report.at("/type/right").asBoolean()).isTrue();
        assertThat(report.at("/type/aggregates").asLong()).isGreaterThanOrEqualTo(Extract.ACCEPTED);
        assertThat(report.at("/states/expected/states").asLong())
                .isEqualTo(report.at("/type/aggregates").asLong());
        assertThat(report.at("/states/held")).isEqualTo(report.at("/states/expected"));
    }

    private static JsonNode verified(String type) throws Exception {
        Ran verified = annals.run("verify", type, "--json");
        assertThat(verified.exitCode()).as(verified.toString()).isZero();
        return verified.json();
    }

    @Test
    @Order(7)
    void a_state_that_is_not_what_the_events_say_is_found() throws Exception {
        String topic = annals.kafka().topics().states("orders");
        var states = CommittedRecords.toEnd(annals.kafka().bootstrapServers(), topic);
        var victim = last(states, "536365");
        var other = last(states, "live-1");
        try (Producer<byte[], byte[]> producer = producer()) {
            producer.send(new ProducerRecord<>(topic, victim.partition(), victim.key(), other.value()))
                    .get();
        }

        Ran verified = annals.run("verify", "orders", "--json");
        assertThat(verified.exitCode()).as(verified.toString()).isEqualTo(1);
        JsonNode differences = verified.json().at("/states/differences");
        assertThat(differences).hasSize(1);
        assertThat(differences.get(0).path("key").asText()).isEqualTo("536365");
        assertThat(differences.get(0).path("fields").get(0).path("field").asText())
                .isEqualTo("state");
    }

    private static ConsumerRecord<byte[], byte[]> last(List<ConsumerRecord<byte[], byte[]>> records, String key) {
        return records.stream()
                .filter(each -> new String(each.key(), UTF_8).equals(key))
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private static Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", annals.kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** One order too many in France, Germany gone, Atlantis risen: straight into the view's topic. */
    private static void plant() throws Exception {
        String topic = "country-sales.view.1";
        try (Deserializer<Object> deserializer = annals.kafka().serdes().newDeserializer();
                Serializer<Object> serializer = annals.kafka().serdes().newSerializer();
                Producer<byte[], byte[]> producer = producer()) {
            var rows = CommittedRecords.toEnd(annals.kafka().bootstrapServers(), topic);
            var france = rows.stream()
                    .filter(row -> new String(row.key(), UTF_8).equals("France"))
                    .reduce((first, last) -> last)
                    .orElseThrow();
            var germany = rows.stream()
                    .filter(row -> new String(row.key(), UTF_8).equals("Germany"))
                    .findFirst()
                    .orElseThrow();
            GenericRecord row = (GenericRecord) deserializer.deserialize(topic, france.value());
            row.put("orders", (long) row.get("orders") + 1);
            producer.send(new ProducerRecord<>(
                            topic, france.partition(), france.key(), serializer.serialize(topic, row)))
                    .get();
            producer.send(new ProducerRecord<>(topic, germany.partition(), germany.key(), null))
                    .get();
            row.put("id", "Atlantis");
            byte[] atlantis = "Atlantis".getBytes(UTF_8);
            producer.send(new ProducerRecord<>(topic, france.partition(), atlantis, serializer.serialize(topic, row)))
                    .get();
        }
    }
}
