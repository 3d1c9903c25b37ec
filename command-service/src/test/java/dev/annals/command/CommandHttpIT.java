package dev.annals.command;

import static dev.annals.command.Instance.header;
import static dev.annals.command.Instance.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every answer that the contract promises. */
@WithKafka
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class CommandHttpIT {

    private static final String LINES =
            "[{\"sku\": \"A1\", \"description\": \"mug\", \"quantity\": 2, \"unitPrice\": \"12.5\"}]";
    private static final String PLACE = "{\"currency\": \"GBP\", \"lines\": " + LINES + "}";
    private static final String OPEN = "{\"owner\": \"ann\", \"currency\": \"CZK\"}";

    private final KafkaCluster kafka;
    private final String prefix;
    final Instance service;
    private int ids;

    CommandHttpIT(KafkaCluster kafka, @TempDir Path stateDir) {
        this.kafka = kafka;
        this.prefix = kafka.uniqueName("http") + ".";
        this.service = Instance.start(kafka, prefix, stateDir, Map.of());
    }

    @BeforeAll
    void await_the_service() {
        service.awaitReady();
    }

    @AfterAll
    void stop_the_service() {
        service.close();
    }

    private String newId() {
        return "order-" + ++ids;
    }

    private String placedOrder() {
        String id = newId();
        assertThat(service.post("/v1/orders/" + id + "/PlaceOrder", PLACE).statusCode())
                .isEqualTo(201);
        return id;
    }

    private String newKey() {
        return kafka.uniqueName("key");
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.body()).contains("\"code\":\"" + code + "\"");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("type").textValue()).isNotEmpty();
        assertThat(problem.get("title").textValue()).isNotEmpty();
        assertThat(problem.get("detail").textValue()).isNotEmpty();
    }

    @Test
    void a_creating_command_is_answered_with_201_and_where_the_aggregate_is() {
        String id = newId();
        HttpResponse<String> response =
                service.post("/v1/orders/" + id + "/PlaceOrder", PLACE, "Idempotency-Key", "first-" + id);

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(header(response, "Location")).isEqualTo("/v1/orders/" + id);
        assertThat(header(response, "ETag")).isEqualTo("\"1\"");
        assertThat(header(response, "Content-Type")).startsWith("application/json");
        assertThat(header(response, "Idempotent-Replayed")).isEmpty();
        assertThat(response.body())
                .isEqualTo(("{\"commandId\":\"first-%s\",\"aggregateType\":\"orders\",\"aggregateId\":\"%s\","
                                + "\"outcome\":\"accepted\",\"version\":1,"
                                + "\"events\":[{\"type\":\"OrderPlaced\",\"version\":1}]}")
                        .formatted(id, id));
    }

    @Test
    void a_later_command_is_answered_with_200_and_the_new_version() {
        HttpResponse<String> response =
                service.post("/v1/orders/" + placedOrder() + "/PayOrder", "{\"method\": \"card\", \"amount\": 25.0}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "ETag")).isEqualTo("\"2\"");
        assertThat(header(response, "Location")).isEmpty();
    }

    @Test
    void put_changes_lines_and_delete_cancels() {
        String id = placedOrder();
        HttpResponse<String> changed =
                service.send("PUT", "/v1/orders/" + id, "{\"lines\": " + LINES.replace("2,", "3,") + "}");
        HttpResponse<String> cancelled = service.send("DELETE", "/v1/orders/" + id, "{\"reason\": \"too late\"}");

        assertThat(json(changed).at("/events/0/type").textValue()).isEqualTo("OrderLinesChanged");
        assertThat(json(cancelled).at("/events/0/type").textValue()).isEqualTo("OrderCancelled");
        assertThat(header(cancelled, "ETag")).isEqualTo("\"3\"");
    }

    @Test
    void a_repeat_gets_the_first_answer_marked_as_a_replay() {
        String path = "/v1/orders/" + newId() + "/PlaceOrder";
        String key = newKey();
        HttpResponse<String> first = service.post(path, PLACE, "Idempotency-Key", key);
        HttpResponse<String> again = service.post(path, PLACE, "Idempotency-Key", key);

        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(header(again, "Location")).isEqualTo(header(first, "Location"));
        assertThat(header(again, "Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void a_repeated_rejection_is_a_replay_too() {
        String path = "/v1/orders/" + newId() + "/DeliverOrder";
        String key = newKey();
        service.post(path, "", "Idempotency-Key", key);
        HttpResponse<String> again = service.post(path, "", "Idempotency-Key", key);

        assertProblem(again, 409, "order-not-found");
        assertThat(header(again, "Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void a_key_with_another_payload_conflicts_and_keeps_its_first_result() {
        String path = "/v1/orders/" + newId() + "/PlaceOrder";
        String key = newKey();
        HttpResponse<String> first = service.post(path, PLACE, "Idempotency-Key", key);
        HttpResponse<String> reused = service.post(path, PLACE.replace("GBP", "EUR"), "Idempotency-Key", key);

        assertProblem(reused, 409, "idempotency-key-reused");
        HttpResponse<String> stored = service.get("/v1/commands/" + key);
        assertThat(stored.statusCode()).isEqualTo(200);
        assertThat(stored.body()).isEqualTo(first.body());
    }

    @Test
    void a_domain_rejection_is_a_conflict_with_its_code() {
        String id = placedOrder();
        HttpResponse<String> response =
                service.post("/v1/orders/" + id + "/PayOrder", "{\"method\": \"card\", \"amount\": \"1\"}");

        assertProblem(response, 409, "payment-amount-mismatch");
        assertThat(json(response).get("version").longValue()).isEqualTo(1);
        assertThat(header(response, "ETag")).isEqualTo("\"1\"");
    }

    @Test
    void if_match_of_another_version_fails_with_the_actual_one() {
        String path = "/v1/orders/" + placedOrder() + "/PayOrder";
        String pay = "{\"method\": \"card\", \"amount\": \"25\"}";
        HttpResponse<String> stale = service.post(path, pay, "If-Match", "\"7\"");

        assertProblem(stale, 412, "version-conflict");
        assertThat(json(stale).get("version").longValue()).isEqualTo(1);
        assertThat(service.post(path, pay, "If-Match", "\"1\"").statusCode()).isEqualTo(200);
    }

    @Test
    void if_none_match_takes_only_a_new_aggregate() {
        String path = "/v1/orders/" + newId() + "/PlaceOrder";

        assertThat(service.post(path, PLACE, "If-None-Match", "*").statusCode()).isEqualTo(201);
        assertProblem(service.post(path, PLACE, "If-None-Match", "*"), 412, "version-conflict");
    }

    @ParameterizedTest
    @ValueSource(strings = {"respond-async", "wait=0"})
    void who_does_not_wait_is_told_where_the_result_will_be(String prefer) {
        String id = newId();
        String key = newKey();
        HttpResponse<String> accepted =
                service.post("/v1/orders/" + id + "/PlaceOrder", PLACE, "Prefer", prefer, "Idempotency-Key", key);

        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(header(accepted, "Location")).isEqualTo("/v1/commands/" + key);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            HttpResponse<String> stored = service.get(header(accepted, "Location"));
            assertThat(stored.statusCode()).isEqualTo(200);
            assertThat(json(stored).get("aggregateId").textValue()).isEqualTo(id);
        });
    }

    @ParameterizedTest
    @CsvSource({"wait=5", "wait=1000000", "'handling=lenient, wait=20'", "'respond-async, wait=20'", "nonsense"})
    void other_preferences_wait_for_the_result(String prefer) {
        assertThat(service.post("/v1/orders/" + newId() + "/PlaceOrder", PLACE, "Prefer", prefer)
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void the_server_makes_ids_that_sort_by_time() {
        HttpResponse<String> response = service.post("/v1/accounts", OPEN);

        assertThat(response.statusCode()).isEqualTo(201);
        UUID id = UUID.fromString(json(response).get("aggregateId").textValue());
        assertThat(id.version()).isEqualTo(7);
        assertThat(header(response, "Location")).isEqualTo("/v1/accounts/" + id);
    }

    @Test
    void a_repeated_creation_makes_one_aggregate() {
        String key = newKey();
        HttpResponse<String> first = service.post("/v1/accounts", OPEN, "Idempotency-Key", key);
        HttpResponse<String> again = service.post("/v1/accounts", OPEN, "Idempotency-Key", key);

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(header(again, "Idempotent-Replayed")).isEqualTo("true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "x/y", "50%", "a+b", "?#&"})
    void any_printable_key_leads_to_its_result(String key) {
        HttpResponse<String> accepted = service.post(
                "/v1/orders/" + newId() + "/PlaceOrder", PLACE, "Prefer", "respond-async", "Idempotency-Key", key);

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            HttpResponse<String> stored = service.get(header(accepted, "Location"));
            assertThat(stored.body()).contains("\"outcome\":\"accepted\"");
            assertThat(json(stored).get("commandId").textValue()).isEqualTo(key);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PlaceOrder | {\"currency\": \"GBP\" | JSON",
                "PlaceOrder | [] | an object",
                "PlaceOrder | {} | currency",
                "PlaceOrder | {\"currency\": \"GBP\"} | lines",
                "PlaceOrder | {\"currency\": 5, \"lines\": []} | currency",
                "PlaceOrder | {\"currency\": \"GBP\", \"lines\": [{\"sku\": \"A\"}]} | lines[0].quantity",
                "PlaceOrder | {\"currency\": \"GBP\", \"lines\": [], \"curency\": 1} | curency",
                "PayOrder | {\"method\": \"card\", \"amount\": \"1.00001\"} | amount",
                "PayOrder | {\"method\": \"card\", \"amount\": 1.00001} | amount",
                "PayOrder | {\"method\": \"card\", \"amount\": \"much\"} | amount",
                "CancelOrder | {} | reason"
            })
    void a_wrong_body_is_refused_and_the_field_named(String command, String body, String named) {
        HttpResponse<String> response = service.post("/v1/orders/" + newId() + "/" + command, body);

        assertProblem(response, 400, "invalid-command");
        assertThat(json(response).get("detail").textValue()).contains(named).contains("expected");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-Match | 7 | If-Match",
                "If-Match | W/\"7\" | If-Match",
                "If-None-Match | \"7\" | If-None-Match",
                "Idempotency-Key | xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx | Idempotency-Key"
            })
    void a_wrong_header_is_refused_and_named(String header, String value, String named) {
        HttpResponse<String> response = service.post("/v1/orders/" + newId() + "/PlaceOrder", PLACE, header, value);

        assertProblem(response, 400, "invalid-header");
        assertThat(json(response).get("detail").textValue()).contains(named).contains("expected");
    }

    @Test
    void an_invalid_id_is_refused_with_the_rule() {
        HttpResponse<String> response = service.post("/v1/orders/a%20b/PlaceOrder", PLACE);

        assertProblem(response, 400, "invalid-id");
        assertThat(json(response).get("detail").textValue()).contains("1 to 200 characters");
        assertProblem(service.post("/v1/orders/" + "x".repeat(201) + "/PlaceOrder", PLACE), 400, "invalid-id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/orders/a/b/PlaceOrder", "/v1/orders/a%2Fb/PlaceOrder"})
    void an_id_with_a_slash_is_refused(String path) {
        HttpResponse<String> response = service.post(path, PLACE);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void what_is_not_there_is_named_with_what_is() {
        HttpResponse<String> type = service.post("/v1/ordres/1/PlaceOrder", PLACE);
        assertProblem(type, 404, "no-such-type");
        assertThat(json(type).get("detail").textValue()).contains("ordres", "orders");

        HttpResponse<String> command = service.post("/v1/orders/1/PlaceOrdre", PLACE);
        assertProblem(command, 404, "no-such-command");
        assertThat(json(command).get("detail").textValue()).contains("PlaceOrdre", "PlaceOrder");

        assertProblem(service.get("/v1/commands/never-sent"), 404, "command-not-found");
    }

    @Test
    void a_type_without_a_command_for_put_says_so() {
        assertThat(service.send("PUT", "/v1/accounts/1", "{}").statusCode()).isEqualTo(405);
    }

    @Test
    void another_media_type_is_refused() {
        assertProblem(
                service.post("/v1/orders/1/PlaceOrder", PLACE, "Content-Type", "text/plain"),
                415,
                "unsupported-media-type");
    }

    @Test
    void a_large_body_is_refused() {
        String large = PLACE.replace("mug", "x".repeat(1_000_001));

        HttpResponse<String> response = service.post("/v1/orders/" + newId() + "/PlaceOrder", large);
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void an_event_that_is_too_large_fails_its_command() {
        String large = PLACE.replace("mug", "x".repeat(950_000));
        HttpResponse<String> response = service.post("/v1/orders/" + newId() + "/PlaceOrder", large);

        assertProblem(response, 500, "too-large");
        placedOrder();
    }

    @Test
    void the_events_of_one_command_stand_together() throws InterruptedException {
        List<String> orders =
                IntStream.range(0, 20).mapToObj(i -> "together-" + i).toList();
        try (ExecutorService clients = Executors.newFixedThreadPool(4)) {
            clients.invokeAll(orders.stream()
                    .map(id -> Executors.callable(() -> {
                        service.post("/v1/orders/" + id + "/PlaceOrder", PLACE);
                        service.post("/v1/orders/" + id + "/PayOrder", "{\"method\": \"card\", \"amount\": 25}");
                        service.send("DELETE", "/v1/orders/" + id, "{\"reason\": \"none\"}");
                    }))
                    .toList());
        }
        List<ConsumerRecord<byte[], byte[]>> events = kafka.records(prefix + "orders.events").stream()
                .filter(event -> new String(event.key(), UTF_8).startsWith("together-"))
                .toList();
        Map<String, ConsumerRecord<byte[], byte[]>> byKey =
                events.stream().collect(Collectors.toMap(event -> new String(event.key(), UTF_8), event -> event));

        assertThat(events).hasSize(80);
        for (String id : orders) {
            var refunded = Objects.requireNonNull(byKey.get(id + "/0000000000000000003"));
            var cancelled = Objects.requireNonNull(byKey.get(id + "/0000000000000000004"));
            assertThat(cancelled.partition()).isEqualTo(refunded.partition());
            assertThat(cancelled.offset()).isEqualTo(refunded.offset() + 1);
        }
    }

    @Test
    void the_service_describes_itself() {
        assertThat(service.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(service.get("/metrics").body()).contains("annals_commands_in_flight");
        assertThat(json(service.get("/openapi.json")).at("/openapi").textValue())
                .startsWith("3.");
    }
}
