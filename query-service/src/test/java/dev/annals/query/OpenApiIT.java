package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.service.Domains;
import dev.annals.testsupport.http.OpenApiDocument;
import dev.annals.testsupport.http.OpenApiDocument.Operation;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The document against the service that serves it. */
@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiIT {

    private static final String KNOWN = "known";
    private static final String EVENTS = "text/event-stream";

    private final Installation installation;
    private Instance service;
    private OpenApiDocument document;

    OpenApiIT(KafkaCluster kafka) {
        installation = new Installation(kafka);
    }

    @BeforeAll
    void start(@TempDir Path state) {
        service = ListedDomains.also("processes/domains", () -> {
            Domains domains = Domains.load();
            Instance started = installation.start(state);
            domains.processes(domains.aggregates().stream()
                            .<AggregateBinding<?, ?, ?>>map(AggregateBinding::of)
                            .toList())
                    .forEach(process -> installation.exampleEntry(process, KNOWN));
            return started;
        });
        installation.awaitReady();
        installation.exampleEvent("orders", "OrderPlaced", KNOWN);
        installation.exampleEvent("accounts", "AccountOpened", KNOWN);
        installation.exampleEvent("claims", "ValueClaimed", KNOWN);
        installation.exampleEvent("flights", "FlightCreated", KNOWN);
        installation.exampleEvent("flight-identities", "FlightIdentified", KNOWN);
        installation.exampleEvent("seats", "ConferenceOpened", KNOWN);
        installation.exampleEvent("parcels", "Posted", KNOWN);
        Map.of(
                        "orders.view.2", "OrderRow",
                        "accounts.view.1", "AccountRow",
                        "claims.view.1", "ClaimRow",
                        "flights.view.1", "FlightRow",
                        "airport-flights.view.1", "AirportFlightRow",
                        "flight-identities.view.1", "FlightIdentitiesRow",
                        "seats.view.1", "ConferenceRow",
                        "customer-orders.view.2", "CustomerOrderRow",
                        "country-sales.view.1", "CountrySalesRow")
                .forEach((topic, row) -> installation.row(topic, row, KNOWN, 1, Map.of()));
        document = new OpenApiDocument(service.get("/openapi.json").json());
        operations().forEach(each -> service.await(path(each, KNOWN)));
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    /** Those that answer at once. */
    private List<Operation> operations() {
        return document.operations().stream()
                .filter(each -> each.answers(200, "application/json"))
                .toList();
    }

    private static String path(Operation operation, String id) {
        return operation.path().replaceAll("\\{[^}]*}", id);
    }

    private List<String> faults(Operation operation, int expected, String path, String... headers) {
        HttpResponse<byte[]> response = service.get(path, headers).raw();
        List<String> faults = new ArrayList<>(document.faults(operation, response, response.body()));
        if (response.statusCode() != expected) {
            faults.add("%s: expected %d, got %d".formatted(operation, expected, response.statusCode()));
        }
        return faults;
    }

    @Test
    void it_is_of_version_3_1_and_its_examples_are_as_its_schemas_have_them() {
        assertThat(document.version()).startsWith("3.1.");
        assertThat(document.faultsOfExamples()).isEmpty();
    }

    @Test
    void of_each_filter_it_is_said_whether_it_takes_a_range() {
        assertThat(filter("/v1/orders", "placedAt"))
                .startsWith(
                        "rows whose placedAt is this; or in a range, from..to of times such as 2011-01-04T10:00:00Z");
        assertThat(filter("/v1/accounts", "balance")).contains("from..to of numbers such as 12.5");
        assertThat(filter("/v1/customer-orders", "customer")).contains("from..to of texts");
        assertThat(filter("/v1/orders", "status")).contains("takes no range");
    }

    private String filter(String path, String parameter) {
        return operations().stream()
                .filter(each -> each.path().equals(path))
                .flatMap(each -> each.json().path("parameters").valueStream())
                .filter(each -> each.path("name").textValue().equals(parameter))
                .map(each -> each.path("description").textValue())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void every_route_is_described() {
        assertThat(document.undescribed(service.http().routes()))
                .containsExactly( // between instances
                        "GET /internal/kafka",
                        "GET /internal/views/{view}/partitions",
                        "GET /internal/views/{view}/readable",
                        "POST /internal/views/{view}/leave");
    }

    @Test
    void every_operation_answers_as_described() {
        assertThat(operations())
                .hasSizeGreaterThan(15)
                .allSatisfy(
                        each -> assertThat(faults(each, 200, path(each, KNOWN))).isEmpty());
    }

    @Test
    void what_is_not_there_is_described() {
        assertThat(operations())
                .filteredOn(each -> each.path().contains("{"))
                .hasSizeGreaterThan(7)
                .allSatisfy(each ->
                        assertThat(faults(each, 404, path(each, "nobody"))).isEmpty());
    }

    @Test
    void what_is_wrong_is_described() {
        assertThat(operations())
                .filteredOn(each -> each.answers(400, "application/problem+json"))
                .hasSizeGreaterThan(11)
                .allSatisfy(each -> assertThat(faults(each, 400, path(each, KNOWN) + "?nonsense=1"))
                        .isEmpty());
    }

    @Test
    void who_takes_no_form_of_it_is_told_as_described() {
        assertThat(document.operations())
                .filteredOn(each -> each.path().startsWith("/v1/"))
                .allSatisfy(each -> assertThat(faults(each, 406, path(each, KNOWN), "Accept", "text/html"))
                        .isEmpty());
    }

    @Test
    void who_has_it_already_is_told_as_described() {
        assertThat(operations())
                .filteredOn(each -> each.json().path("responses").has("304"))
                .hasSizeGreaterThan(5)
                .allSatisfy(each -> assertThat(faults(each, 304, path(each, KNOWN), "If-None-Match", "\"1\""))
                        .isEmpty());
    }

    @Test
    void what_goes_on_is_described() {
        assertThat(document.operations())
                .filteredOn(each -> each.answers(200, EVENTS))
                .hasSizeGreaterThan(7)
                .allSatisfy(each -> {
                    try (LiveReader reader = service.live(path(each, KNOWN))) {
                        assertThat(reader.status()).isEqualTo(200);
                        assertThat(reader.contentType()).startsWith(EVENTS);
                    }
                    try (LiveReader refused = service.live(path(each, KNOWN), "Last-Event-ID", "x")) {
                        assertThat(refused.status()).isEqualTo(400);
                    }
                });
    }

    /** A label with an id in it would make a series for each. */
    @Test
    void meters_are_few_and_bounded() {
        List<String> before = service.text("/metrics").lines().toList();
        for (int i = 0; i < 20; i++) {
            service.get("/v1/orders/one-" + i);
            service.get("/nowhere/one-" + i);
        }

        List<String> after = service.text("/metrics").lines().toList();

        assertThat(after).noneMatch(line -> line.contains("one-"));
        assertThat(after.size() - before.size()).isLessThan(20);
        assertThat(after).hasSizeLessThan(500);
    }
}
