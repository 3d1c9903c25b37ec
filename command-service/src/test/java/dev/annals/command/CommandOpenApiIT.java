package dev.annals.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.testsupport.http.OpenApiDocument;
import dev.annals.testsupport.http.OpenApiDocument.Operation;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The document against the service that serves it. */
@WithKafka
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class CommandOpenApiIT {

    private static final String JSON = "application/json";

    private final Instance service;
    private OpenApiDocument document;
    private int ids;

    CommandOpenApiIT(KafkaCluster kafka, @TempDir Path stateDir) {
        this.service = Instance.start(kafka, kafka.uniqueName("openapi") + ".", stateDir, Map.of());
    }

    @BeforeAll
    void read() {
        service.awaitReady();
        document = new OpenApiDocument(Instance.json(service.get("/openapi.json")));
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private List<Operation> commands() {
        return document.operations().stream()
                .filter(each -> !each.exampleToSend().isMissingNode())
                .toList();
    }

    private HttpResponse<String> send(Operation operation, String id, String body, String... headers) {
        return service.send(operation.method(), operation.path().replace("{id}", id), body, headers);
    }

    private String newId() {
        return "openapi-" + ++ids;
    }

    private void assertAnswers(Operation operation, HttpResponse<String> response, Integer... expected) {
        assertThat(document.faults(operation, response, response.body().getBytes(UTF_8)))
                .isEmpty();
        assertThat(response.statusCode()).as(operation + ": " + response.body()).isIn((Object[]) expected);
    }

    @Test
    void it_is_of_version_3_1_and_its_examples_are_as_its_schemas_have_them() {
        assertThat(document.version()).startsWith("3.1.");
        assertThat(document.faultsOfExamples()).isEmpty();
        assertThat(commands()).hasSizeGreaterThan(14);
    }

    @Test
    void every_route_is_described() {
        Set<String> routes = service.routes();

        assertThat(document.undescribed(routes))
                .as("but the one that only tells that an id has no slash, and those between instances")
                .filteredOn(route -> !route.contains(" /internal/"))
                .containsExactly("POST /v1/{type}/{id}/{more}/<rest>");
    }

    @Test
    void every_example_is_decided_and_answered_as_described() {
        assertThat(commands()).allSatisfy(each -> {
            String body = each.exampleToSend().toString();
            assertAnswers(each, send(each, newId(), body, "Content-Type", JSON), 200, 201, 409);
            assertAnswers(each, send(each, newId(), body, "Content-Type", JSON, "Prefer", "respond-async"), 202);
            assertAnswers(each, send(each, newId(), body, "Content-Type", JSON, "If-Match", "\"999\""), 412);
        });
    }

    @Test
    void what_is_wrong_is_refused_as_described() {
        assertThat(commands()).allSatisfy(each -> {
            String body = each.exampleToSend().toString();
            assertAnswers(each, send(each, newId(), "{\"nonsense\": 1}", "Content-Type", JSON), 400);
            assertAnswers(each, send(each, newId(), body, "Content-Type", "text/xml"), 415);
            assertAnswers(each, send(each, newId(), body, "Content-Type", JSON, "Accept", "text/html"), 406);
            assertAnswers(each, send(each, newId(), " ".repeat(1_000_001), "Content-Type", JSON), 413);
        });
    }

    @Test
    void what_is_only_read_is_answered_as_described() {
        service.post(
                "/v1/accounts/read/OpenAccount",
                "{\"owner\": \"ann\", \"currency\": \"CZK\"}",
                "Idempotency-Key",
                "known");
        Stream<Operation> reads = document.operations().stream()
                .filter(each -> each.method().equals("GET"))
                .filter(each -> !each.path().contains("dead-letters"));

        assertThat(reads).hasSize(6).allSatisfy(each -> {
            assertAnswers(each, service.get(each.path().replace("{commandId}", "known")), 200);
            if (each.path().contains("{")) {
                assertAnswers(each, service.get(each.path().replace("{commandId}", "unknown")), 404);
                assertAnswers(
                        each,
                        service.send("GET", each.path().replace("{commandId}", "known"), "", "Accept", "text/html"),
                        406);
            }
        });
    }

    @Test
    void dead_letters_are_answered_as_described() {
        Stream<Operation> operations =
                document.operations().stream().filter(each -> each.path().contains("dead-letters"));

        assertThat(operations).hasSize(3).allSatisfy(each -> {
            boolean ofOne = each.path().contains("{position}");
            assertAnswers(each, ask(each, "accounts", "0:0"), ofOne ? 409 : 200);
            assertAnswers(each, ask(each, "nothing", "0:0"), 404);
            if (ofOne) {
                assertAnswers(each, ask(each, "accounts", "first"), 400);
            }
            assertAnswers(each, ask(each, "accounts", "0:0", "Accept", "text/html"), 406);
        });
    }

    private HttpResponse<String> ask(Operation operation, String type, String position, String... headers) {
        String path = operation.path().replace("{type}", type).replace("{position}", position);
        return service.send(operation.method(), path, "", headers);
    }
}
