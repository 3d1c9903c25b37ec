package dev.annals.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.annals.api.View;
import dev.annals.orders.CountrySalesView;
import dev.annals.orders.CustomerOrdersView;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrderEvent.OrderCancelled;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderLine;
import dev.annals.orders.OrdersView;
import dev.annals.service.Domains;
import dev.annals.service.Service;
import dev.annals.service.http.HttpServer;
import dev.annals.testkit.ViewKit;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversions.DecimalConversion;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions.TimestampMillisConversion;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows as tools find them that know nothing of Annals: the SDK of CloudEvents, and Avro with the registry's HTTP alone.
 */
@Tag("long")
@WithKafka(registry = true)
@Timeout(120)
class RowsForOthersIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final KafkaCluster kafka;

    @TempDir
    private Path folder;

    RowsForOthersIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    /** Rows of a build in memory, and one that is folded afterwards. */
    @Test
    void are_cloud_events_also_when_they_are_gone() {
        Installation installation = Installation.of(kafka, folder, Domains.load());
        try (Service service = new Service("projector");
                EventLog<OrderEvent> orders = installation.orders()) {
            orders.append("1", placed("France", "2011-01-04T10:00:00Z"));
            orders.flush();
            installation.start(service, "one");
            await().atMost(LIMIT)
                    .until(() -> records(installation, new CountrySalesView()).size() == 1);
            orders.append("1", new OrderCancelled("changed my mind"));
            orders.flush();
            await().atMost(LIMIT)
                    .until(() -> records(installation, new CountrySalesView()).size() == 2);

            List<CloudEvent> rows = cloudEvents(records(installation, new CountrySalesView()));
            assertThat(rows)
                    .allSatisfy(row -> assertThat(row)
                            .returns("annals.views.CountrySalesRow", CloudEvent::getType)
                            .returns(URI.create("/annals/views/country-sales"), CloudEvent::getSource)
                            .returns("France", CloudEvent::getSubject)
                            .returns(ViewKit.DEFAULT_TIME.atOffset(ZoneOffset.UTC), CloudEvent::getTime))
                    .extracting(CloudEvent::getId)
                    .containsExactly("country-sales/1/France/1", "country-sales/1/France/2");
            assertThat(rows).extracting(CloudEvent::getDataContentType).containsExactly("application/avro", null);
            assertThat(rows.getLast().getData()).as("of a tombstone").isNull();
        }
    }

    /**
     * As Connect's AvroConverter with nothing but the URL of the registry: the schema by its id, which the topic's
     * subject must know.
     */
    @Test
    void are_read_with_the_subject_of_their_topic_and_have_times_that_connect_knows() throws Exception {
        Installation installation = Installation.of(kafka, folder, Domains.load());
        try (Service service = new Service("projector");
                EventLog<OrderEvent> orders = installation.orders()) {
            orders.append("1", placed("France", "2011-01-04T10:00:00.123456Z"));
            orders.flush();
            installation.start(service, "one");

            for (View<?, ?> view : List.of(new OrdersView(), new CustomerOrdersView())) {
                await().atMost(LIMIT).until(() -> records(installation, view).size() == 1);
                GenericRecord row = read(records(installation, view).getFirst());
                assertThat(row.get("placedAt")).isEqualTo(Instant.parse("2011-01-04T10:00:00.123Z"));
                assertThat(row.get("total")).isEqualTo(new BigDecimal("1.2500"));
            }
        }
    }

    /** Who makes a table of a topic wants its schema before its first row. */
    @Test
    void have_their_subject_before_there_are_any() {
        Installation installation = Installation.of(kafka, folder, Domains.load());
        try (Service service = new Service("projector")) {
            installation.start(service, "one");

            String subject = topic(installation, new OrdersView()) + "-value";
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(get("/subjects/" + subject + "/versions/latest")
                                    .statusCode())
                            .isEqualTo(200));
            assertThat(records(installation, new OrdersView())).isEmpty();
        }
    }

    @Test
    void whose_schema_the_registry_refuses_there_hold_back_their_view_alone() throws Exception {
        Installation installation = Installation.of(kafka, folder, Domains.load());
        String sales = topic(installation, new CountrySalesView());
        send("POST", "/subjects/" + sales + "-value/versions", Map.of("schema", """
                {"type": "record", "name": "CountrySalesRow", "namespace": "annals.views", "fields": [
                {"name": "id", "type": "int"}]}"""));
        send("PUT", "/config/" + sales + "-value", Map.of("compatibility", "BACKWARD"));
        try (Service service = new Service("projector");
                EventLog<OrderEvent> orders = installation.orders()) {
            orders.append("1", placed("France", "2011-01-04T10:00:00Z"));
            orders.flush();
            HttpServer projector = installation.start(service, "one");

            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(ProjectorProcess.get(projector.port(), "/health/ready")
                                    .body())
                            .contains("country-sales/1: waits until the schema of its rows is registered under " + sales
                                    + "-value: "));
            await().atMost(LIMIT)
                    .until(() -> records(installation, new OrdersView()).size() == 1);
            assertThat(kafka.admin().listTopics().names().get()).doesNotContain(sales);
        }
    }

    private void send(String method, String path, Map<String, String> body) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
    }

    private GenericRecord read(ConsumerRecord<byte[], byte[]> record) throws IOException, InterruptedException {
        ByteBuffer value = ByteBuffer.wrap(record.value());
        assertThat(value.get()).as("magic byte").isZero();
        String text = JSON.readTree(get("/schemas/ids/" + value.getInt()).body())
                .path("schema")
                .textValue();
        requireKnown(record.topic() + "-value", text);
        GenericData data = new GenericData();
        data.addLogicalTypeConversion(new TimestampMillisConversion());
        data.addLogicalTypeConversion(new DecimalConversion());
        Schema schema = new Schema.Parser().parse(text);
        return new GenericDatumReader<GenericRecord>(schema, schema, data)
                .read(
                        null,
                        DecoderFactory.get().binaryDecoder(record.value(), value.position(), value.remaining(), null));
    }

    private void requireKnown(String subject, String schema) throws IOException, InterruptedException {
        String body = JSON.writeValueAsString(Map.of("schema", schema));
        HttpResponse<String> found = http.send(
                request("/subjects/" + subject)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        assertThat(found.statusCode()).as("%s: %s", subject, found.body()).isEqualTo(200);
        JsonNode version = JSON.readTree(found.body()).path("version");
        assertThat(version.intValue()).isEqualTo(1);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).GET().build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(kafka.registryUrl() + path)).timeout(Duration.ofSeconds(10));
    }

    private static List<CloudEvent> cloudEvents(List<ConsumerRecord<byte[], byte[]>> records) {
        try (var sdk = new CloudEventDeserializer()) {
            return records.stream()
                    .map(record -> sdk.deserialize(record.topic(), record.headers(), record.value()))
                    .toList();
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> records(Installation installation, View<?, ?> view) {
        return kafka.records(topic(installation, view));
    }

    private static String topic(Installation installation, View<?, ?> view) {
        return installation.topics().view(view.name(), view.version());
    }

    private static OrderPlaced placed(String country, String time) {
        BigDecimal price = new BigDecimal("1.25");
        return new OrderPlaced(
                "ann", country, "EUR", Instant.parse(time), List.of(new OrderLine("sku", "Thing", 1, price)), price);
    }
}
