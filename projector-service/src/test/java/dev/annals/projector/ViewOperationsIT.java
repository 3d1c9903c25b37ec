package dev.annals.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.orders.CountrySalesView;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderLine;
import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.service.http.Json;
import dev.annals.testsupport.kafka.CommittedRecords;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replays and skips over HTTP, on a real broker. */
@WithKafka(registry = true)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@Tag("heavy")
class ViewOperationsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final CountrySalesView SALES = new CountrySalesView();
    private static final String VIEW = "/v1/views/" + SALES.name();

    private final HttpClient client = HttpClient.newHttpClient();
    private int port;

    @Test
    void views_are_replayed_and_skip_what_an_operator_says(KafkaCluster kafka, @TempDir Path folder) throws Exception {
        Installation installation = Installation.of(kafka, folder, Domains.load());
        try (Service projector = new Service("projector");
                EventLog<OrderEvent> orders = installation.orders()) {
            port = installation.start(projector, "one").port();
            place(orders, "1");
            awaitStatus(1, "live");

            a_replay_makes_another_generation_live(orders, installation);
            what_is_not_possible_is_said_and_changes_nothing();
            a_skip_is_noted_with_who_and_why(kafka, installation);
        }
    }

    private void a_replay_makes_another_generation_live(EventLog<OrderEvent> orders, Installation installation)
            throws Exception {
        HttpResponse<String> begun = send("POST", VIEW + "/replay", "");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        assertThat(json(begun).path("generation").intValue()).isEqualTo(2);
        awaitStatus(2, "live");
        place(orders, "2");
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(installation.rows().of(SALES, 2)).isEqualTo(orders.rowsOf(SALES)));

        HttpResponse<String> dropped = send("DELETE", VIEW + "/replaced", null);
        assertThat(json(dropped).at("/items/0/generation").intValue())
                .as(dropped.body())
                .isEqualTo(1);
        await().atMost(LIMIT).until(() -> !generation(1).isObject());
    }

    private void what_is_not_possible_is_said_and_changes_nothing() throws Exception {
        assertProblem(send("DELETE", VIEW + "/replay", null), 409, "nothing of country-sales is being built");
        assertProblem(send("DELETE", VIEW + "/replaced", null), 409, "nothing of country-sales is kept");
        assertProblem(send("POST", "/v1/views/nothing/replay", "{}"), 404, "there is no view 'nothing'; there are:");
        assertProblem(send("POST", VIEW + "/replay", "{\"inplace\":true}"), 400, "there is no field 'inplace' here");
        assertProblem(send("POST", VIEW + "/replay", "{\"toOffset\":-1}"), 400, "field toOffset: expected");
        assertProblem(send("POST", VIEW + "/replay", "{\"toDatetime\":\"today\"}"), 400, "field toDatetime: expected");
        assertProblem(send("POST", VIEW + "/replay", "[]"), 400, "expected {");
        assertProblem(
                send("POST", VIEW + "/skip", "{\"at\":\"orders.events-0@0\",\"reason\":\"why\"}"),
                409,
                "is not stopped at orders.events-0@0, but nowhere");
        assertProblem(send("POST", VIEW + "/skip", "{\"at\":\"orders.events-0@0\"}"), 400, "field reason: expected");
        assertProblem(send("POST", VIEW + "/skip", "{\"reason\":\"why\"}"), 400, "field at: expected");
        assertThat(generation(3).isObject()).isFalse();
    }

    private void a_skip_is_noted_with_who_and_why(KafkaCluster kafka, Installation installation) throws Exception {
        HttpResponse<String> skipped = send(
                "POST",
                VIEW + "/skip",
                "{\"at\":\"orders.events-0@7\",\"reason\":\"ticket 4711\",\"actor\":\"ada\",\"force\":true}");
        assertThat(skipped.statusCode()).as(skipped.body()).isEqualTo(202);
        List<ConsumerRecord<byte[], byte[]>> notes = CommittedRecords.toEnd(
                kafka.bootstrapServers(), installation.topics().views());
        assertThat(notes)
                .filteredOn(note -> "ticket 4711".equals(HeaderName.REASON.in(note.headers())))
                .singleElement()
                .satisfies(note -> {
                    assertThat(HeaderName.AUTH_ID.in(note.headers())).isEqualTo("ada");
                    assertThat(json(note.value()).path("generation").intValue()).isEqualTo(2);
                    assertThat(json(note.value()).path("offset").intValue()).isEqualTo(7);
                });
    }

    private static void place(EventLog<OrderEvent> orders, String id) {
        BigDecimal price = new BigDecimal("2.55");
        orders.append(
                id,
                new OrderPlaced("ann", "France", "EUR", null, List.of(new OrderLine("sku", "Thing", 1, price)), price));
        orders.flush();
    }

    private void awaitStatus(int generation, String status) {
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(generation(generation).path("status").asText())
                                .isEqualTo(status));
    }

    private JsonNode generation(int number) throws Exception {
        HttpResponse<String> views = send("GET", "/v1/views", null);
        for (JsonNode each : json(views).path("views")) {
            if (each.path("name").asText().equals(SALES.name())
                    && each.path("generation").intValue() == number) {
                return each;
            }
        }
        return Json.mapper().nullNode();
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String detail) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).path("detail").asText()).contains(detail);
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return Json.mapper().readTree(answer.body());
    }

    private static JsonNode json(byte[] note) throws IOException {
        return Json.mapper().readTree(note);
    }

    private HttpResponse<String> send(String method, String path, @Nullable String body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                        .timeout(LIMIT)
                        .header("Content-Type", "application/json")
                        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
