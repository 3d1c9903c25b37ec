package dev.annals.serde;

import static dev.annals.serde.Schemas.GENERATED_GREETING;
import static dev.annals.serde.Schemas.GREETING;
import static dev.annals.serde.Schemas.GREETING_2;
import static dev.annals.serde.Schemas.greeting;
import static dev.annals.serde.Schemas.payment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.annals.embedded.RegistryConfig;
import dev.annals.embedded.RegistryProcess;
import dev.annals.serde.WireFormat.SchemaId;
import dev.annals.serde.registry.RegisteredSchema;
import dev.annals.serde.registry.RegistryRefusalException;
import dev.annals.serde.registry.RegistryUnavailableException;
import dev.annals.serde.registry.SchemaRegistryClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What a real Apicurio Registry answers, as far as serdes rely on it. */
class ApicurioIT {

    private static final Schema UNRELATED = Schemas.parse("""
            {"type": "record", "name": "Greeting", "namespace": "annals.test",
             "fields": [{"name": "language", "type": "string"}]}""");

    @TempDir
    private static Path folder;

    private static RegistryProcess registry;
    private static SchemaRegistryClient client;

    /** Of this test alone. */
    private String topic;

    @BeforeAll
    static void start_the_registry() throws Exception {
        registry = RegistryProcess.start(RegistryConfig.in(folder));
        client = SchemaRegistryClient.create(settings());
        assertThat(send("PUT", "/config", "{\"compatibility\":\"BACKWARD\"}").statusCode())
                .isEqualTo(200);
    }

    @AfterAll
    static void stop_the_registry() {
        client.close();
        registry.close();
    }

    @BeforeEach
    void name_the_topic(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
    }

    @Test
    void records_written_by_one_serde_are_read_by_another() throws Exception {
        Map<String, Object> settings = Map.of(
                "schema.registry.url",
                registry.url(),
                "value.subject.name.strategy",
                "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy");
        try (var writer = new RegistryAvroSerde();
                var reader = new RegistryAvroSerde()) {
            writer.configure(settings, false);
            reader.configure(settings, false);

            byte[] one = writer.serializer().serialize(topic, payment());
            byte[] two = writer.serializer().serialize(topic, greeting("hi", 2));

            assertThat(reader.deserializer().deserialize(topic, one)).isEqualTo(payment());
            assertThat(reader.deserializer().deserialize(topic, two)).isEqualTo(greeting("hi", 2));
            assertThat(send("GET", "/subjects", "").body())
                    .contains('"' + topic + "-annals.test.Payment\"", '"' + topic + "-annals.test.Greeting\"");
        }
    }

    @Test
    void a_lookup_does_not_fail_over_documentation_or_generator_properties() {
        int id = client.register(topic, GREETING);
        Schema undocumented = Schemas.parse(GREETING.toString().replace("A word to somebody.", ""));

        assertThat(client.lookup(topic, GENERATED_GREETING).id()).isEqualTo(id);
        assertThat(client.lookup(topic, undocumented).id()).isEqualTo(id);
    }

    @Test
    void a_schema_registered_with_generator_properties_is_found() throws Exception {
        int id = register(topic, GENERATED_GREETING.toString(), "[]");

        assertThat(client.lookup(topic, GENERATED_GREETING).id()).isEqualTo(id);
    }

    @Test
    void a_subject_that_is_deleted_is_gone_and_can_be_registered_anew() {
        client.register(topic, GREETING);
        var before = client.lookup(topic, GREETING);

        client.delete(topic);
        assertThatThrownBy(() -> client.latest(topic))
                .isInstanceOfSatisfying(
                        RegistryRefusalException.class,
                        gone -> assertThat(gone.isNotFound()).isTrue());
        assertThatThrownBy(() -> client.lookup(topic, GREETING)).isInstanceOf(RegistryRefusalException.class);

        client.register(topic, GREETING);
        assertThat(client.latest(topic).schema()).isEqualTo(before.schema());
    }

    @Test
    void a_schema_registered_again_keeps_its_id_and_version() throws Exception {
        int id = client.register(topic, GREETING);
        try (SchemaRegistryClient other = SchemaRegistryClient.create(settings())) {
            assertThat(other.register(topic, GENERATED_GREETING)).isEqualTo(id);
        }

        assertThat(versions()).isEqualTo("[1]");
    }

    @Test
    void without_auto_registration_an_unknown_schema_is_refused() {
        var serializer = new RegistryAvroSerializer(client);
        serializer.configure(Map.of("auto.register.schemas", false), false);

        assertThatThrownBy(() -> serializer.serialize(topic, greeting("hi", 1)))
                .isInstanceOfSatisfying(
                        RegistryRefusalException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(40401))
                .hasMessageContaining(topic + "-value");

        client.register(topic + "-value", UNRELATED);
        assertThatThrownBy(() -> serializer.serialize(topic, greeting("hi", 1)))
                .isInstanceOfSatisfying(
                        RegistryRefusalException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(40403));
    }

    /** As events are renamed: Avro's resolution follows aliases, so must the check of the registry. */
    @Test
    void a_field_and_a_nested_record_renamed_with_aliases_are_backward_compatible() throws Exception {
        String renamed = """
                {"type": "record", "name": "Moved", "namespace": "annals.test", "fields": [
                  {"name": "town", "type": "string"%s},
                  {"name": "to", "type": ["null", {"type": "record", "name": "Address"%s, "fields": [
                    {"name": "street", "type": "string"}]}], "default": null}]}""";
        client.register(topic, Schemas.parse("""
                {"type": "record", "name": "Moved", "namespace": "annals.test", "fields": [
                  {"name": "city", "type": "string"},
                  {"name": "to", "type": ["null", {"type": "record", "name": "Place", "fields": [
                    {"name": "street", "type": "string"}]}], "default": null}]}"""));

        assertThatThrownBy(() -> client.register(topic, Schemas.parse(renamed.formatted("", ""))))
                .isInstanceOfSatisfying(
                        RegistryRefusalException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(409));
        client.register(
                topic, Schemas.parse(renamed.formatted(", \"aliases\": [\"city\"]", ", \"aliases\": [\"Place\"]")));
        assertThat(versions()).isEqualTo("[1,2]");
    }

    @Test
    void the_latest_version_is_written_if_so_configured() {
        var serializer = new RegistryAvroSerializer(client);
        serializer.configure(Map.of("auto.register.schemas", false, "use.latest.version", true), false);
        client.register(topic + "-value", GREETING);
        client.register(topic + "-value", GREETING_2);

        byte[] bytes = serializer.serialize(topic, greeting("hi", 1));

        GenericRecord read = (GenericRecord) new RegistryAvroDeserializer(client).deserialize(topic, bytes);
        assertThat(read.get("tone")).isEqualTo("warm");
    }

    @Test
    void an_incompatible_schema_is_refused_in_the_registry_s_words() {
        client.register(topic, GREETING);

        assertThatThrownBy(() -> client.register(topic, UNRELATED))
                .isInstanceOfSatisfying(
                        RegistryRefusalException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(409))
                .hasMessageContaining(topic)
                .hasMessageContaining("annals.test.Greeting")
                .hasMessageContaining("language");
    }

    @Test
    void an_unknown_id_is_refused() {
        assertThatThrownBy(() -> client.schemaById(1_000_000))
                .isInstanceOfSatisfying(
                        RegistryRefusalException.class,
                        e -> assertThat(e.isNotFound()).isTrue())
                .hasMessageContaining("schema id 1000000");
    }

    @Test
    void versions_are_listed_and_read() throws Exception {
        client.register(topic, GREETING);
        int second = client.register(topic, GREETING_2);

        assertThat(versions()).isEqualTo("[1,2]");
        assertThat(client.latest(topic)).isEqualTo(new RegisteredSchema(topic, 2, second, GREETING_2));
    }

    @Test
    void a_schema_with_references_is_found_and_read() throws Exception {
        String used = topic + "-money";
        client.register(used, Schemas.parse("""
                {"type": "record", "name": "Money", "namespace": "annals.test",
                 "fields": [{"name": "units", "type": "long"}]}"""));
        String bill = """
                {"type": "record", "name": "Bill", "namespace": "annals.test",
                 "fields": [{"name": "total", "type": "Money"}]}""";
        int id = register(topic + "-value", bill, """
                [{"name": "annals.test.Money", "subject": "%s", "version": 1}]""".formatted(used));
        var serializer = new RegistryAvroSerializer(client);
        serializer.configure(Map.of("auto.register.schemas", false), false);

        Schema schema = client.schemaById(id);
        GenericRecord written = new GenericRecordBuilder(schema)
                .set(
                        "total",
                        new GenericRecordBuilder(schema.getField("total").schema())
                                .set("units", 5L)
                                .build())
                .build();
        byte[] bytes = serializer.serialize(topic, written);

        assertThat(WireFormat.schemaId(topic, bytes)).isEqualTo(new SchemaId.Numbered(id));
        assertThat(new RegistryAvroDeserializer(client).deserialize(topic, bytes))
                .isEqualTo(written);
    }

    @Test
    void a_registry_that_dies_or_hangs_stops_only_schemas_never_seen() {
        var serializer = new RegistryAvroSerializer(client);
        var deserializer = new RegistryAvroDeserializer(client);
        serializer.serialize(topic, greeting("hi", 1));

        registry.kill();
        assertThat(deserializer.deserialize(topic, serializer.serialize(topic, greeting("hi", 2))))
                .isEqualTo(greeting("hi", 2));
        assertThatThrownBy(() -> serializer.serialize(topic, payment()))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining(registry.url());

        registry.start();
        registry.pause();
        long start = System.nanoTime();
        assertThatThrownBy(() -> client.register(topic, payment().getSchema()))
                .isInstanceOf(RegistryUnavailableException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));

        registry.resume();
        assertThat(deserializer.deserialize(topic + "-2", serializer.serialize(topic + "-2", payment())))
                .isEqualTo(payment());
    }

    /** As others register: what our client doesn't send. */
    private static int register(String subject, String schema, String references) throws Exception {
        String body = "{\"schema\":%s,\"references\":%s}".formatted(TextNode.valueOf(schema), references);
        HttpResponse<String> answer = send("POST", "/subjects/" + subject + "/versions", body);
        return new ObjectMapper().readTree(answer.body()).required("id").asInt();
    }

    private String versions() throws Exception {
        return send("GET", "/subjects/" + topic + "/versions", "").body();
    }

    private static HttpResponse<String> send(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(registry.url() + path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    private static Map<String, Object> settings() {
        return Map.of("schema.registry.url", registry.url());
    }
}
