package dev.annals.serde.registry;

import static dev.annals.serde.registry.FakeRegistry.NEVER;
import static dev.annals.serde.registry.FakeRegistry.NEVER_ENDING;
import static dev.annals.serde.registry.FakeRegistry.Reply.error;
import static dev.annals.serde.registry.FakeRegistry.Reply.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.serde.RegistryAvroDeserializer;
import dev.annals.serde.RegistryAvroSerializer;
import dev.annals.serde.registry.FakeRegistry.Reply;
import dev.annals.serde.registry.FakeRegistry.Request;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSchemaRegistryClientTest {

    private static final Schema NOTE = SchemaBuilder.record("annals.test.Note")
            .fields()
            .requiredString("text")
            .endRecord();
    private static final Reply NOTE_BY_ID = ok("{\"schema\":" + quoted(NOTE.toString()) + "}");
    private static final Reply AWAY = error(503, 50301, "starting");

    private final ArrayDeque<AutoCloseable> toClose = new ArrayDeque<>();

    @AfterEach
    void close() throws Exception {
        while (!toClose.isEmpty()) {
            toClose.pop().close();
        }
    }

    @Test
    void registering_posts_the_schema_without_generator_properties() {
        FakeRegistry registry = fake(ok("{\"id\":7}"));
        Schema generated = new Schema.Parser().parse(NOTE.toString());
        GenericData.setStringType(generated.getField("text").schema(), GenericData.StringType.String);

        int id = client(registry.url()).register("notes value/ü", generated);

        assertThat(id).isEqualTo(7);
        assertThat(registry.requests())
                .containsExactly(new Request(
                        "POST",
                        "/subjects/notes%20value%2F%C3%BC/versions",
                        null,
                        "{\"schema\":" + quoted(NOTE.toString()) + "}"));
    }

    @Test
    void schemas_are_normalized_when_registered_if_so_configured() {
        FakeRegistry registry = fake(ok("{\"id\":7}"));

        client(registry.url(), "normalize.schemas", true).register("s", NOTE);

        assertThat(registry.paths()).containsExactly("/subjects/s/versions?normalize=true");
    }

    @Test
    void a_schema_is_found_by_its_guid_and_asked_for_once() {
        UUID guid = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");
        FakeRegistry registry = fake(NOTE_BY_ID);
        SchemaRegistryClient client = client(registry.url());

        assertThat(client.schemaByGuid(guid)).isEqualTo(NOTE);
        assertThat(client.schemaByGuid(guid)).isEqualTo(NOTE);

        assertThat(registry.paths()).containsExactly("/schemas/guids/" + guid);
    }

    @Test
    void the_guid_of_a_schema_stands_in_the_answer_to_a_lookup() {
        UUID guid = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");
        FakeRegistry registry = fake(ok("{\"subject\":\"s\",\"version\":2,\"id\":9,\"guid\":\"%s\",\"schema\":%s}"
                .formatted(guid, quoted(NOTE.toString()))));

        assertThat(client(registry.url()).guid("s", NOTE)).isEqualTo(guid);
        assertThat(registry.paths()).containsExactly("/subjects/s");
    }

    @Test
    void a_registry_without_guids_refuses_with_the_way_out() {
        FakeRegistry registry =
                fake(ok("{\"subject\":\"s\",\"version\":2,\"id\":9,\"schema\":%s}".formatted(quoted(NOTE.toString()))));

        assertThatExceptionOfType(RegistryRefusalException.class)
                .isThrownBy(() -> client(registry.url()).guid("s", NOTE))
                .withMessageContaining("get the GUID of schema")
                .withMessageContaining("let schema ids stand before the values");
    }

    @Test
    void a_lookup_tries_the_forms_in_which_a_schema_may_have_been_registered() {
        FakeRegistry registry = fake(
                error(404, 40403, "Schema not found"),
                error(404, 40403, "Schema not found"),
                ok("{\"subject\":\"s\",\"version\":2,\"id\":9,\"schema\":" + quoted(NOTE.toString()) + "}"));
        Schema generated = new Schema.Parser().parse(NOTE.toString());
        GenericData.setStringType(generated.getField("text").schema(), GenericData.StringType.String);

        RegisteredSchema found = client(registry.url()).lookup("s", generated);

        assertThat(found).isEqualTo(new RegisteredSchema("s", 2, 9, NOTE));
        assertThat(registry.paths()).containsExactly("/subjects/s", "/subjects/s?normalize=true", "/subjects/s");
        assertThat(registry.requests().get(0).body()).doesNotContain("avro.java.string");
        assertThat(registry.requests().get(2).body()).contains("avro.java.string");
    }

    @ParameterizedTest
    @CsvSource({
        "basic.auth.credentials.source, USER_INFO, basic.auth.user.info, ann:se:cret, Basic YW5uOnNlOmNyZXQ=",
        "schema.registry.basic.auth.credentials.source, USER_INFO, schema.registry.basic.auth.user.info, a:b, Basic YTpi",
        "bearer.auth.credentials.source, STATIC_TOKEN, bearer.auth.token, t0ken, Bearer t0ken",
    })
    void credentials_are_sent(String sourceKey, String source, String key, String secret, String header) {
        FakeRegistry registry = fake(NOTE_BY_ID);

        client(registry.url(), sourceKey, source, key, new Password(secret)).schemaById(1);

        assertThat(registry.requests().getFirst().authorization()).isEqualTo(header);
    }

    @Test
    void credentials_in_the_url_are_sent_but_never_shown() {
        FakeRegistry registry = fake(error(401, 40101, "no"));
        String url = registry.url().replace("//", "//ann:secret@");

        assertThatThrownBy(() -> client(url).schemaById(1))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("401")
                .hasMessageContaining("schema id 1")
                .hasMessageNotContaining("secret");
        assertThat(registry.requests().getFirst().authorization()).isEqualTo("Basic YW5uOnNlY3JldA==");
    }

    @Test
    void references_are_resolved_however_deep_and_each_is_fetched_once() {
        String text = "{\"type\":\"record\",\"name\":\"%s\",\"namespace\":\"a\",\"fields\":[%s]}";
        String leaf = text.formatted("Leaf", "{\"name\":\"v\",\"type\":\"long\"}");
        String twig = text.formatted("Twig", "{\"name\":\"leaf\",\"type\":\"Leaf\"}");
        String tree =
                text.formatted("Tree", "{\"name\":\"twig\",\"type\":\"Twig\"},{\"name\":\"leaf\",\"type\":\"Leaf\"}");
        FakeRegistry registry = fake(request -> switch (request.path()) {
            case "/schemas/ids/3" -> schema(tree, "Twig", "Leaf");
            case "/subjects/twig/versions/1" -> schema(twig, "Leaf");
            case "/subjects/leaf/versions/1" -> schema(leaf);
            default -> error(404, 40401, "unexpected " + request.path());
        });

        Schema schema = client(registry.url()).schemaById(3);

        assertThat(schema.getFullName()).isEqualTo("a.Tree");
        assertThat(schema.getField("twig").schema().getField("leaf").schema().getField("v"))
                .isNotNull();
        assertThat(registry.paths())
                .containsExactly("/schemas/ids/3", "/subjects/twig/versions/1", "/subjects/leaf/versions/1");
    }

    @Test
    void references_in_a_circle_end() {
        FakeRegistry registry =
                fake(request -> schema("{\"type\":\"record\",\"name\":\"a.Loop\",\"fields\":[]}", "Loop"));

        client(registry.url()).schemaById(3);

        assertThat(registry.requests()).hasSize(2);
    }

    @Test
    void references_without_end_are_refused() {
        FakeRegistry registry = fake(request -> {
            String path = request.path();
            int version = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
            return ok(("{\"schema\":\"\\\"int\\\"\","
                            + "\"references\":[{\"name\":\"a.X\",\"subject\":\"x\",\"version\":%d}]}")
                    .formatted(version + 1));
        });

        assertThatThrownBy(() -> client(registry.url()).schemaById(1))
                .isInstanceOf(RegistryRefusalException.class)
                .hasMessageContaining("more than " + HttpSchemaRegistryClient.MAX_REFERENCES + " references");
    }

    @Test
    void a_schema_of_another_kind_is_refused() {
        FakeRegistry registry = fake(ok("{\"schemaType\":\"PROTOBUF\",\"schema\":\"syntax\"}"));

        assertThatThrownBy(() -> client(registry.url()).schemaById(3))
                .isInstanceOf(RegistryRefusalException.class)
                .hasMessageContaining("schema id 3")
                .hasMessageContaining("PROTOBUF");
    }

    @ParameterizedTest
    @CsvSource({
        "404, 40401, true",
        "404, 40403, true",
        "409, 409, false",
        "409, 40901, false",
        "422, 42201, false",
    })
    void a_refusal_is_final_and_in_the_registry_s_words(int status, int code, boolean notFound) {
        FakeRegistry registry = fake(error(status, code, "because of reasons"));

        assertThatThrownBy(() -> client(registry.url()).register("notes-value", NOTE))
                .isInstanceOfSatisfying(RegistryRefusalException.class, refusal -> {
                    assertThat(refusal.errorCode()).isEqualTo(code);
                    assertThat(refusal.isNotFound()).isEqualTo(notFound);
                })
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("notes-value")
                .hasMessageContaining("annals.test.Note")
                .hasMessageContaining("because of reasons");
        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void an_id_and_a_registration_are_asked_once() {
        FakeRegistry registry = fake(request -> request.method().equals("GET") ? NOTE_BY_ID : ok("{\"id\":7}"));
        SchemaRegistryClient client = client(registry.url());

        for (int i = 0; i < 3; i++) {
            client.schemaById(6);
            client.register("s", NOTE);
        }

        assertThat(registry.paths()).containsExactly("/schemas/ids/6", "/subjects/s/versions");
    }

    @Test
    void serdes_of_equal_settings_know_what_any_of_them_has_learnt() {
        FakeRegistry registry = fake(request -> request.method().equals("GET") ? NOTE_BY_ID : ok("{\"id\":7}"));
        Map<String, Object> settings = Map.of("schema.registry.url", registry.url());
        byte[] bytes = {0, 0, 0, 0, 7, 4, 'h', 'i'};

        for (int i = 0; i < 3; i++) {
            try (var deserializer = new RegistryAvroDeserializer()) {
                deserializer.configure(settings, false);
                assertThat(deserializer.deserialize("notes", bytes)).isEqualTo(note());
            }
        }
        assertThat(registry.requests()).hasSize(1);

        try (var stranger = new RegistryAvroDeserializer()) {
            stranger.configure(
                    Map.of("schema.registry.url", registry.url(), "schema.registry.cache.capacity", 5), false);
            stranger.deserialize("notes", bytes);
        }
        assertThat(registry.requests()).hasSize(2);
    }

    @Test
    void a_serde_without_settings_says_so() {
        try (var deserializer = new RegistryAvroDeserializer()) {
            assertThatThrownBy(() -> deserializer.deserialize("notes", new byte[] {0, 0, 0, 0, 7, 0}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("configure");
        }
    }

    @Test
    void an_unknown_id_is_not_asked_for_each_bad_record() {
        FakeRegistry registry = fake(error(404, 40403, "Schema 9 not found"));
        SchemaRegistryClient client = client(registry.url());

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> client.schemaById(9)).isInstanceOf(RegistryRefusalException.class);
        }

        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void a_registry_that_goes_away_stops_only_schemas_never_seen() {
        AtomicBoolean up = new AtomicBoolean(true);
        FakeRegistry registry =
                fake(request -> !up.get() ? AWAY : request.method().equals("GET") ? NOTE_BY_ID : ok("{\"id\":7}"));
        SchemaRegistryClient client = client(registry.url());
        var serializer = new RegistryAvroSerializer(client);
        var deserializer = new RegistryAvroDeserializer(client);
        serializer.serialize("notes", note());
        up.set(false);

        assertThat(deserializer.deserialize("notes", serializer.serialize("notes", note())))
                .isEqualTo(note());
        assertThatThrownBy(() -> deserializer.deserialize("notes", new byte[] {0, 0, 0, 0, 8, 0}))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("schema id 8")
                .hasMessageContaining("starting");

        up.set(true);
        assertThat(deserializer.deserialize("notes", new byte[] {0, 0, 0, 0, 8, 0}))
                .isNotNull();
    }

    @Test
    void the_next_url_answers_when_the_first_is_away_and_is_asked_first_from_then_on() {
        FakeRegistry away = fake(AWAY);
        FakeRegistry good = fake(NOTE_BY_ID);
        SchemaRegistryClient client = client("http://127.0.0.1:1," + away.url() + " , " + good.url() + "/");

        client.schemaById(1);
        client.schemaById(2);

        assertThat(away.requests()).hasSize(1);
        assertThat(good.paths()).containsExactly("/schemas/ids/1", "/schemas/ids/2");
    }

    @Test
    void an_id_that_one_registry_does_not_know_yet_is_asked_of_the_next() {
        FakeRegistry follower = fake(error(404, 40403, "Schema 1 not found"));
        FakeRegistry leader = fake(NOTE_BY_ID);

        assertThat(client(follower.url() + "," + leader.url()).schemaById(1)).isEqualTo(NOTE);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 408, 429})
    void an_error_that_may_pass_is_tried_again(int status) {
        FakeRegistry registry = fake(new Reply(status, "<html>"), error(status, 50002, "later"), NOTE_BY_ID);

        assertThat(client(registry.url()).schemaById(1)).isEqualTo(NOTE);
        assertThat(registry.requests()).hasSize(3);
    }

    @Test
    void retries_end() {
        FakeRegistry registry = fake(AWAY);

        assertThatThrownBy(() ->
                        client(registry.url(), "schema.registry.max.retries", 2).register("s", NOTE))
                .isInstanceOf(RegistryUnavailableException.class)
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining(registry.url())
                .hasMessageContaining("subject s")
                .hasMessageContaining("tried 3 times")
                .hasMessageContaining("starting");
        assertThat(registry.requests()).hasSize(3);
    }

    @Test
    void a_registry_that_does_not_listen_is_unavailable() {
        assertThatThrownBy(() -> client("http://127.0.0.1:1").schemaById(1))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("http://127.0.0.1:1")
                .hasMessageContaining("ConnectException");
    }

    @Test
    void an_answer_that_does_not_come_or_does_not_end_is_given_up_in_time() {
        for (Reply silence : List.of(NEVER, NEVER_ENDING)) {
            FakeRegistry registry = fake(silence, NOTE_BY_ID);

            assertThat(client(registry.url(), "schema.registry.request.timeout.ms", 100)
                            .schemaById(1))
                    .isEqualTo(NOTE);
            assertThat(registry.requests()).hasSize(2);
        }
    }

    @Test
    void a_call_ends_when_its_time_is_up_whatever_is_left_to_try() {
        FakeRegistry registry = fake(NEVER);
        SchemaRegistryClient client = client(
                registry.url() + "," + registry.url(),
                "schema.registry.request.timeout.ms",
                200,
                "schema.registry.call.timeout.ms",
                300,
                "schema.registry.max.retries",
                100);
        long start = System.nanoTime();

        assertThatThrownBy(() -> client.schemaById(1)).isInstanceOf(RegistryUnavailableException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(registry.requests()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "404, <html>not here</html>",
        "404, {\"detail\":\"x\"}",
        "200, <html>hello</html>",
        "405, no",
        "302, moved"
    })
    void an_answer_that_is_no_registry_s_says_nothing_about_the_record(int status, String body) {
        FakeRegistry registry = fake(new Reply(status, body));

        assertThatThrownBy(() -> client(registry.url()).schemaById(1))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("HTTP " + status)
                .hasMessageContaining(registry.url());
        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void an_interrupt_ends_the_wait_and_is_kept() {
        FakeRegistry registry = fake(NEVER);
        SchemaRegistryClient client = client(registry.url());
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> client.schemaById(1)).isInstanceOf(InterruptException.class);

        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " , ", "localhost:8081", "ftp://host", "http://", "http://a b", "mock://a,http://b"})
    void a_wrong_url_is_refused_with_its_key(String url) {
        assertThatThrownBy(() -> client(url))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("schema.registry.url");
    }

    @ParameterizedTest
    @CsvSource({
        "basic.auth.credentials.source, KERBEROS, basic.auth.credentials.source",
        "basic.auth.credentials.source, USER_INFO, basic.auth.user.info",
        "bearer.auth.credentials.source, OAUTHBEARER, bearer.auth.credentials.source",
        "bearer.auth.credentials.source, STATIC_TOKEN, bearer.auth.token",
        "schema.registry.max.retries, -1, schema.registry.max.retries",
        "schema.registry.request.timeout.ms, soon, schema.registry.request.timeout.ms",
    })
    void a_wrong_setting_is_refused_with_its_key(String key, String value, String named) {
        assertThatThrownBy(() -> client("http://127.0.0.1:1", key, value))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(named);
    }

    private FakeRegistry fake(Reply... replies) {
        return closing(FakeRegistry.replying(replies));
    }

    private FakeRegistry fake(Function<Request, Reply> answer) {
        return closing(FakeRegistry.answering(answer));
    }

    private SchemaRegistryClient client(String urls, Object... settings) {
        Map<String, Object> configs = new HashMap<>(Map.of(
                "schema.registry.url", urls,
                "schema.registry.retry.backoff.ms", 1,
                "schema.registry.max.retries", 2));
        for (int i = 0; i < settings.length; i += 2) {
            configs.put((String) settings[i], settings[i + 1]);
        }
        return closing(SchemaRegistryClient.create(configs));
    }

    private <T extends AutoCloseable> T closing(T resource) {
        toClose.push(resource);
        return resource;
    }

    private static GenericRecord note() {
        GenericRecord record = new GenericData.Record(NOTE);
        record.put("text", "hi");
        return record;
    }

    /** An answer with references to version 1 of the subjects named like the types, in lower case. */
    private static Reply schema(String avsc, String... references) {
        List<String> list = Arrays.stream(references)
                .map(name -> "{\"name\":\"a.%s\",\"subject\":\"%s\",\"version\":1}"
                        .formatted(name, name.toLowerCase(Locale.ROOT)))
                .toList();
        return ok("{\"id\":1,\"version\":1,\"schema\":%s,\"references\":[%s]}"
                .formatted(quoted(avsc), String.join(",", list)));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\"", "\\\"") + "\"";
    }
}
